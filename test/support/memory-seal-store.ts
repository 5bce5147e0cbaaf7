import { type AuditRecord, compareRecords, keyText, type RecordKey } from '#seal/audit-record.ts';
import type { Leaf, PublishedKey, SealHeader } from '#seal/seal.ts';
import type { SealListName, SealStore } from '#seal/seal-store.ts';
import { parseUtcDay, type UtcDay } from '#seal/utc-day.ts';

/** A store of one workspace in memory, with everything in it within a test's reach. */
export interface MemorySealStore extends SealStore {
  readonly records: Map<string, AuditRecord>;
  readonly headers: Map<UtcDay, SealHeader>;
  readonly lists: Map<string, Leaf[]>;
  readonly keys: PublishedKey[];
}

export const listName = ({ day, sealId }: Pick<SealListName, 'day' | 'sealId'>): string => `${day} ${sealId}`;

/** Puts the list of each of two days in the place of the other's. */
export function swapLists({ headers, lists }: MemorySealStore, one: UtcDay, other: UtcDay): void {
  const names = [one, other].map((day) => listName(headers.get(day)!)) as [string, string];
  const swapped = names.map((name) => lists.get(name) ?? []) as [Leaf[], Leaf[]];
  lists.set(names[0], swapped[1]);
  lists.set(names[1], swapped[0]);
}

export const dayOfRecord = ({ recordedAt }: Pick<AuditRecord, 'recordedAt'>): UtcDay =>
  parseUtcDay(recordedAt.slice(0, 10))!;

export function memorySealStore(given: Iterable<AuditRecord> = []): MemorySealStore {
  const records = new Map([...given].map((record) => [keyText(record.key), record]));
  const headers = new Map<UtcDay, SealHeader>();
  const lists = new Map<string, Leaf[]>();
  const keys: PublishedKey[] = [];
  const days = () => [...records.values()].map(dayOfRecord).sort();
  return {
    records,
    headers,
    lists,
    keys,
    async *dayRecords(_, day) {
      yield* [...records.values()].filter((record) => dayOfRecord(record) === day).sort(compareRecords);
    },
    readRecord: (key: RecordKey) => Promise.resolve(records.get(keyText(key))),
    async *seals() {
      yield* [...headers.values()].sort((one, other) => (one.day < other.day ? -1 : 1));
    },
    async *leafList(seal) {
      yield* lists.get(listName(seal)) ?? [];
    },
    publicKeys: () => Promise.resolve(keys),
    firstRecordDay: () => Promise.resolve(days()[0]),
    readSeal: (_, day) => Promise.resolve(headers.get(day)),
    putLeaves(list, _, leaves) {
      const name = listName(list);
      lists.set(name, [...(lists.get(name) ?? []), ...leaves]);
      return Promise.resolve('written');
    },
    putSeal(seal) {
      if (headers.has(seal.day)) return Promise.resolve('already_there');
      headers.set(seal.day, seal);
      return Promise.resolve('written');
    },
    putPublicKey(_, key) {
      if (keys.some(({ keyId }) => keyId === key.keyId)) return Promise.resolve('already_there');
      keys.push(key);
      return Promise.resolve('written');
    },
  };
}
