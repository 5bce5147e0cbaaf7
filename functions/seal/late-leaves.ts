import { mergeRecords } from './merge-records.ts';
import type { Leaf, SealHeader } from './seal.ts';
import { sealIn } from './seal-note.ts';
import type { SealSource } from './seal-store.ts';
import { parseUtcDay, type UtcDay } from './utc-day.ts';

/** A record that is sealed with a later day than its own. */
export interface LateLeaf extends Leaf {
  /** The day of the seal that it went into. */
  readonly sealedWith: UtcDay;
}

/** Late records, by their own day. */
export type LateLeaves = ReadonlyMap<UtcDay, readonly LateLeaf[]>;

/** The record's own day. One whose time is none is of the day of the seal that has it: no other day could look at it. */
export const dayOfLeaf = (leaf: Pick<Leaf, 'recordedAt'>, sealDay: UtcDay): UtcDay =>
  dayInTime(leaf) ?? sealDay;

/** Undefined when it begins with no day of the calendar. */
export const dayInTime = ({ recordedAt }: Pick<Leaf, 'recordedAt'>): UtcDay | undefined =>
  parseUtcDay(recordedAt.slice(0, 'yyyy-mm-dd'.length));

/**
 * Reads the heads of the lists that have late records: they come first, and are no more than the note says. All are kept in memory:
 * few where days are sealed when they are over, and the rest of each day that was sealed while it went on.
 */
export async function readLateLeaves(
  source: Pick<SealSource, 'leafList'>,
  seals: readonly SealHeader[],
): Promise<LateLeaves> {
  const late = new Map<UtcDay, LateLeaf[]>();
  for (const seal of seals.filter(hasLateRecords)) {
    let left = lateCountOf(seal);
    for await (const leaf of source.leafList(seal)) {
      const day = dayInTime(leaf);
      if (day === undefined) continue; // says nothing about where the late ones end
      if (day >= seal.day || left === 0) break;
      left -= 1;
      const ofDay = late.get(day);
      const lateLeaf = { ...leaf, sealedWith: seal.day };
      if (ofDay === undefined) late.set(day, [lateLeaf]);
      else ofDay.push(lateLeaf);
    }
  }
  return late;
}

export const hasLateRecords = (seal: Pick<SealHeader, 'note'>): boolean => lateCountOf(seal) > 0;

/** By the note; where that cannot be read, as many as come first in the list. */
const lateCountOf = ({ note }: Pick<SealHeader, 'note'>): number =>
  sealIn(note)?.late ?? Number.POSITIVE_INFINITY;

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
