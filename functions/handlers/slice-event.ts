import { brandId, type RunId } from '#policy/ids.ts';
import { PlatformError } from '#runtime/platform-error.ts';
import { idAt, valueAt } from '#sweep/read-json.ts';

/** What a slice of a sweep is invoked with: nothing but perhaps `execution` at first, then the answer of the one before. */
export interface SliceEvent {
  /** Names the state machine's execution; slices of the same one may take over its lease from one that died. */
  readonly execution: string | undefined;
  readonly runId: RunId | undefined;
}

/** What else the event holds is for its reader in Step Functions. @throws PlatformError `unreadable_event` */
export function decodeSliceEvent(event: unknown): SliceEvent {
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    throw unreadableSlice('a JSON object');
  const runId = optionalId(event, 'run_id');
  return {
    execution: optionalId(event, 'execution'),
    runId: runId === undefined ? undefined : brandId<RunId>(runId),
  };
}

function optionalId(event: object, field: string): string | undefined {
  const value = valueAt(event, field);
  if (value === undefined || value === null) return undefined;
  const id = idAt(event, field);
  if (id === undefined) throw unreadableSlice(`with a readable "${field}"`);
  return id;
}

export const unreadableSlice = (what: string) =>
  new PlatformError(
    'unreadable_event',
    `The event is not ${what}; invoke the function with {} or with the answer of the slice before.`,
  );
