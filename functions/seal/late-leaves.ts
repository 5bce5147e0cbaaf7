import { mergeRecords } from './merge-records.ts';
import type { Leaf, SealHeader } from './seal.ts';
import { parseSeal } from './seal-note.ts';
import type { SealSource } from './seal-store.ts';
import { parseSignedNote } from './signed-note.ts';
import { parseUtcDay, type UtcDay } from './utc-day.ts';

/** Records that are sealed with a later day than their own, by their own day. */
export type LateLeaves = ReadonlyMap<UtcDay, readonly Leaf[]>;

/** The record's own day. One whose time is none is of the day of the seal that has it: no other day could look at it. */
export const dayOfLeaf = (leaf: Pick<Leaf, 'recordedAt'>, sealDay: UtcDay): UtcDay =>
  dayInTime(leaf) ?? sealDay;

const dayInTime = ({ recordedAt }: Pick<Leaf, 'recordedAt'>): UtcDay | undefined =>
  parseUtcDay(recordedAt.slice(0, 'yyyy-mm-dd'.length));

/** Reads the heads of the lists that have late records; they come first. There are few: they are kept in memory. */
export async function readLateLeaves(
  source: Pick<SealSource, 'leafList'>,
  seals: readonly SealHeader[],
): Promise<LateLeaves> {
  const late = new Map<UtcDay, Leaf[]>();
  for (const seal of seals.filter(hasLateRecords)) {
    for await (const leaf of source.leafList(seal)) {
      const day = dayInTime(leaf);
      if (day === undefined) continue; // says nothing about where the late ones end
      if (day >= seal.day) break;
      const ofDay = late.get(day);
      if (ofDay === undefined) late.set(day, [leaf]);
      else ofDay.push(leaf);
    }
  }
  return late;
}

/** By what is signed; where that cannot be read, by what stands beside it. */
export function hasLateRecords({ note, lateCount }: SealHeader): boolean {
  const signed = parseSignedNote(note);
  const seal = signed === undefined ? undefined : parseSeal(signed);
  return (seal?.late ?? lateCount) > 0;
}

/** Everything that is sealed of one day, in its order, whichever seal it is in. */
export const leavesOfDay = (
  day: UtcDay,
  own: AsyncIterable<Leaf> | undefined,
  late: LateLeaves,
): AsyncIterable<Leaf> => {
  const lateOfDay = late.get(day) ?? [];
  if (lateOfDay.length === 0) return own === undefined ? streamOf([]) : withoutLate(day, own);
  // Several seals can have late records of the same day, each in its order.
  const inTime = lateOfDay.toSorted(byTime);
  return mergeRecords([...(own === undefined ? [] : [withoutLate(day, own)]), streamOf(inTime)]);
};

const byTime = (one: Leaf, other: Leaf): number =>
  one.recordedAt < other.recordedAt ? -1 : one.recordedAt > other.recordedAt ? 1 : 0;

async function* withoutLate(day: UtcDay, leaves: AsyncIterable<Leaf>): AsyncGenerator<Leaf> {
  for await (const leaf of leaves) if (dayOfLeaf(leaf, day) >= day) yield leaf;
}

async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
