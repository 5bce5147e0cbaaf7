import { compareRecords, type RecordPosition } from './audit-record.ts';

/**
 * Several streams, each in order of time, as one in the order of a day. Only what was recorded in the same millisecond is
 * gathered, since a stream says nothing about its order within one.
 */
export async function* mergeRecords<Record extends RecordPosition>(
  streams: readonly AsyncIterable<Record>[],
): AsyncGenerator<Record> {
  const heads = streams.map((stream) => new Head(stream[Symbol.asyncIterator]()));
  try {
    for (const head of heads) await head.advance();
    for (;;) {
      const earliest = earliestOf(heads);
      if (earliest === undefined) return;
      const sameTime: Record[] = [];
      for (const head of heads) {
        while (head.current?.recordedAt === earliest) {
          sameTime.push(head.current);
          await head.advance();
        }
      }
      yield* sameTime.length === 1 ? sameTime : sameTime.toSorted(compareRecords);
    }
  } finally {
    for (const head of heads) await head.close();
  }
}

function earliestOf(heads: readonly Head<RecordPosition>[]): string | undefined {
  let earliest: string | undefined;
  for (const { current } of heads) {
    if (current !== undefined && (earliest === undefined || current.recordedAt < earliest)) {
      earliest = current.recordedAt;
    }
  }
  return earliest;
}

/** The next item of a stream, undefined after its last. */
class Head<Item> {
  current: Item | undefined;
  readonly #items: AsyncIterator<Item>;

  constructor(items: AsyncIterator<Item>) {
    this.#items = items;
  }

  async advance(): Promise<void> {
    const next = await this.#items.next();
    this.current = next.done === true ? undefined : next.value;
  }

  async close(): Promise<void> {
    await this.#items.return?.();
  }
}
