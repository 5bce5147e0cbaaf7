import type { RunId } from '#policy/ids.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { SweepTrigger } from '#sweep/outcome.ts';
import { refusalText } from '#sweep/refusal-text.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { OutcomeCounts, Refusal, RunRecord } from '#sweep/run-record.ts';
import { runRetention } from '#sweep/run-retention.ts';
import type { RunReport } from '#sweep/sweep-deps.ts';
import type { OpenWorkspace } from './open-workspace.ts';
import { sliceEnd } from './slice-end.ts';
import type { SweepEvent } from './sweep-event.ts';
import { countOutcomes, countSlice, tellStep } from './tell-slice.ts';

export interface SliceDeps extends OpenWorkspace {
  readonly newId: () => string;
}

/** What a slice came to; the event of the next one. */
export interface SliceAnswer {
  readonly execution: string;
  readonly trigger: SweepTrigger;
  readonly run_id: RunId;
  readonly phase: RunRecord['phase'];
  /** Whether another slice would find nothing to do: the run has ended, or waits for somebody. */
  readonly done: boolean;
  /** Of the whole run so far. */
  readonly counts: OutcomeCounts;
  readonly intended: number;
  readonly stop_reason: RunRecord['stopReason'] | null;
  /** Why the gate did not let the plan pass; empty when it did. */
  readonly refusals: readonly Refusal[];
  /** The same in sentences, a line each, for the mail that tells of it. */
  readonly refusal_text: string;
}

/**
 * Goes on with a sweep for as long as the invocation lasts. A slice that is repeated after its run has ended gives the
 * same answer again and begins nothing.
 */
export async function sweepSlice(
  deps: SliceDeps,
  { execution = deps.newId(), runId, counts, trigger }: SweepEvent,
  { log, metrics, signal, remainingMs }: Invocation,
): Promise<SliceAnswer> {
  const { policyFile, intercom, audit, state, clock, notices, newId } = deps;
  const begun = { execution, trigger };
  if (runId !== undefined) {
    const over = await answerOfFinished(deps, begun, runId);
    if (over !== undefined) return over;
  }
  const stopAt = sliceEnd(clock.now(), remainingMs());

  const unfinished = await state.readUnfinishedRun(policyFile.policy.workspaceId);
  const usageBefore = intercom.usage();
  const report = await runRetention(
    {
      intercom,
      audit,
      state,
      clock,
      notices,
      newId,
      observe: (event) => {
        tellStep({ log, metrics }, event);
        // Another run, which this slice settled and closed before its own.
        if (event.kind === 'finished' && event.run.stopReason === 'superseded')
          countOutcomes(metrics, event.run.counts, countsOf(unfinished, event.run));
      },
      leaseHolder: `sweep ${execution}`,
      isHolderGone: () => false, // of another Lambda instance nothing is known
    },
    {
      policy: policyFile.policy,
      policyHash: policyFile.hash,
      policyJson: policyFile.canonicalJson,
      trigger,
      stop: signal,
      stopAt,
    },
  );
  const before = runId === report.run.runId ? counts : undefined;
  countSlice(metrics, report, before ?? countsOf(unfinished, report.run), usageBefore, intercom.usage());
  const answer = toAnswer(begun, report.run, isOver(report), refusalsOf(report));
  log.info('sweep_slice', {
    execution,
    trigger,
    run_id: answer.run_id,
    phase: answer.phase,
    done: answer.done,
    intended: answer.intended,
    ...answer.counts,
    stop_reason: answer.stop_reason ?? undefined,
  });
  return answer;
}

/** What somebody else had done of this run, as far as that was written down. */
const countsOf = (unfinished: RunRecord | undefined, { runId }: RunRecord): OutcomeCounts =>
  unfinished?.runId === runId ? unfinished.counts : noOutcomes;

/** A paused run goes on some day, but not before somebody says so: waiting for that is no work for slices. */
const isOver = ({ done, run }: RunReport): boolean => done || run.stopReason === 'paused';

/** The plan's own record may be older: of when it was made, perhaps before its approval. */
const refusalsOf = ({ run, plan }: RunReport): readonly Refusal[] =>
  run.stopReason === 'refused' || run.stopReason === 'paused' ? (plan?.gate?.refusals ?? []) : [];

/** Of the execution: what stays the same from slice to slice. */
type Begun = Pick<SliceAnswer, 'execution' | 'trigger'>;

const toAnswer = (
  begun: Begun,
  run: RunRecord,
  done: boolean,
  refusals: readonly Refusal[],
): SliceAnswer => ({
  ...begun,
  run_id: run.runId,
  phase: run.phase,
  done,
  counts: run.counts,
  intended: run.intended,
  stop_reason: run.stopReason ?? null,
  refusals,
  refusal_text: refusals.map((refusal) => `- ${refusalText(refusal)}`).join('\n'),
});

/** @throws ConfigurationError for a run that there never was. */
async function answerOfFinished(
  { policyFile, audit, state }: SliceDeps,
  begun: Begun,
  runId: RunId,
): Promise<SliceAnswer | undefined> {
  const { workspaceId } = policyFile.policy;
  const run = await state.readRun(workspaceId, runId);
  if (run === undefined) {
    throw new ConfigurationError(
      `The workspace ${workspaceId} has no run ${runId}; begin a sweep without "run_id".`,
    );
  }
  if (run.phase !== 'finished') return undefined;
  const summary = await audit.readSummary(workspaceId, runId);
  return toAnswer(begun, run, true, summary?.refusals ?? []);
}
