import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { brandId, type RunId } from '#policy/ids.ts';
import { idAt, parseJson, valueAt } from '#sweep/read-json.ts';
import { printable } from './printable.ts';

/** What became of an execution of the sweep's state machine. */
export type ExecutionEnd =
  /** It brought a run to where nothing more is to be done: an end, or a pause. */
  | { readonly kind: 'run'; readonly runId: RunId; readonly isPaused: boolean }
  /** Another sweep had the workspace, and kept it. */
  | { readonly kind: 'held_off' }
  | { readonly kind: 'failed'; readonly status: string; readonly error: string; readonly cause: string };

type Described = Pick<DescribeExecutionOutput, 'status' | 'output' | 'error' | 'cause'>;

/** Undefined while it goes on. */
export function executionEnd(described: Described): ExecutionEnd | undefined {
  const { status = 'UNKNOWN', output = '', error = '', cause = '' } = described;
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return undefined;
  if (status === 'SUCCEEDED') return endOfAnswer(parseJson(output));
  const stoppedRun = error === stopOfRun ? idAt({ cause }, 'cause') : undefined;
  if (stoppedRun !== undefined) return { kind: 'run', runId: brandId<RunId>(stoppedRun), isPaused: false };
  return { kind: 'failed', status, error: printable(error), cause: causeText(cause) };
}

/** With this reason the state machine fails for a run that came to an end; its cause is then the run's id. */
const stopOfRun = 'failures';

/** The output is the last slice's answer. */
function endOfAnswer(answer: unknown): ExecutionEnd {
  if (valueAt(answer, 'held_off') !== undefined) return { kind: 'held_off' };
  const runId = idAt(answer, 'run_id');
  if (runId === undefined)
    return { kind: 'failed', status: 'SUCCEEDED', error: '', cause: 'its output names no run' };
  return {
    kind: 'run',
    runId: brandId<RunId>(runId),
    isPaused: valueAt(answer, 'stop_reason') === 'paused',
  };
}

const mostCharacters = 1000;

/** A function's error comes as JSON with its sentence in it. */
function causeText(cause: string): string {
  const sentence = valueAt(parseJson(cause), 'errorMessage');
  return printable(typeof sentence === 'string' ? sentence : cause).slice(0, mostCharacters);
}
