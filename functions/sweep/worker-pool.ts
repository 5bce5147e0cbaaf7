/**
 * Works through `source` with at most `width` items at a time. The first failure stops the pulling of new items; the
 * others in flight are finished before it is thrown.
 */
export async function workThrough<Item>(
  source: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const items = oneAtATime(source);
  const failures: unknown[] = [];

  const worker = async (): Promise<void> => {
    while (failures.length === 0) {
      try {
        const next = await items.next();
        if (next.done === true) return;
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  await items.return(undefined);
  if (failures.length > 0) throw failures[0];
}

/** An async generator queues the calls to `next` of its many pullers. */
async function* oneAtATime<Item>(source: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item> {
  yield* source;
}
