import { outcomeKinds } from '#sweep/outcome.ts';
import { valueAt } from '#sweep/read-json.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { OutcomeCounts } from '#sweep/run-record.ts';
import { decodeSliceEvent, type SliceEvent, unreadableSlice } from './slice-event.ts';

export interface SweepEvent extends SliceEvent {
  /** What the slices before have counted of the run; undefined at the first. */
  readonly counts: OutcomeCounts | undefined;
}

/** @throws PlatformError `unreadable_event` */
export function decodeSweepEvent(event: unknown): SweepEvent {
  const slice = decodeSliceEvent(event);
  const given = valueAt(event, 'counts');
  if (given === undefined || given === null) return { ...slice, counts: undefined };
  const counts = { ...noOutcomes };
  for (const kind of outcomeKinds) counts[kind] = countAt(given, kind);
  return { ...slice, counts };
}

function countAt(counts: unknown, kind: string): number {
  const count = valueAt(counts, kind);
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw unreadableSlice(`with readable "counts"`);
}
