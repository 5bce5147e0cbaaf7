import { type AuditRecord, compareRecords } from './audit-record.ts';
import type { Leaf } from './seal.ts';

/** A place of a day: what is sealed there, what stands there, or both. */
export type Match =
  | { readonly leaf: Leaf; readonly record: AuditRecord }
  | { readonly leaf: Leaf; readonly record?: undefined }
  | { readonly leaf?: undefined; readonly record: AuditRecord };

/** Goes through what is sealed and what is there side by side, both in the order of a day. Keeps one of each in memory. */
export async function* matchRecords(
  leaves: AsyncIterable<Leaf>,
  records: AsyncIterable<AuditRecord>,
): AsyncGenerator<Match> {
  const leafStream = leaves[Symbol.asyncIterator]();
  const recordStream = records[Symbol.asyncIterator]();
  try {
    let leaf = await nextOf(leafStream);
    let record = await nextOf(recordStream);
    while (leaf !== undefined || record !== undefined) {
      const order = leaf === undefined ? 1 : record === undefined ? -1 : compareRecords(leaf, record);
      if (leaf !== undefined && record !== undefined && order === 0) yield { leaf, record };
      else if (leaf !== undefined && order < 0) yield { leaf };
      else if (record !== undefined) yield { record };
      if (order <= 0) leaf = await nextOf(leafStream);
      if (order >= 0) record = await nextOf(recordStream);
    }
  } finally {
    await leafStream.return?.();
    await recordStream.return?.();
  }
}

async function nextOf<Item>(stream: AsyncIterator<Item>): Promise<Item | undefined> {
  const next = await stream.next();
  return next.done === true ? undefined : next.value;
}
