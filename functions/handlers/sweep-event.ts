import { ConfigurationError } from '#sweep/errors.ts';
import { outcomeKinds, type SweepTrigger, sweepTriggers } from '#sweep/outcome.ts';
import { valueAt } from '#sweep/read-json.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { OutcomeCounts } from '#sweep/run-record.ts';
import { decodeSliceEvent, type SliceEvent, unreadableSlice } from './slice-event.ts';

export interface SweepEvent extends SliceEvent {
  /** What the slices before have counted of the run; undefined at the first. */
  readonly counts: OutcomeCounts | undefined;
  /** What started the execution, and with it a run that its slices begin. */
  readonly trigger: SweepTrigger;
}

/**
 * The first slice is told what its execution was started with as `input`, and every later one the answer of the one before.
 * @throws PlatformError `unreadable_event`; ConfigurationError for an input that cannot be meant, which no repetition mends
 */
export function decodeSweepEvent(event: unknown): SweepEvent {
  const slice = { ...decodeSliceEvent(event), trigger: triggerOf(event) };
  const given = valueAt(event, 'counts');
  if (given === undefined || given === null) return { ...slice, counts: undefined };
  const counts = { ...noOutcomes };
  for (const kind of outcomeKinds) counts[kind] = countAt(given, kind);
  return { ...slice, counts };
}

function triggerOf(event: unknown): SweepTrigger {
  const input = valueAt(event, 'input');
  const isInput =
    input === undefined || (typeof input === 'object' && input !== null && !Array.isArray(input));
  const ofSlice = valueAt(event, 'trigger');
  const given = ofSlice === undefined ? valueAt(input, 'trigger') : ofSlice;
  const trigger = given === undefined ? 'schedule' : sweepTriggers.find((each) => each === given);
  if (isInput && trigger !== undefined) return trigger;
  throw new ConfigurationError(
    'The input names nothing that starts a sweep; start the execution with {"trigger": "manual"}, or with {} for what the schedule does.',
  );
}

function countAt(counts: unknown, kind: string): number {
  const count = valueAt(counts, kind);
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw unreadableSlice(`with readable "counts"`);
}
