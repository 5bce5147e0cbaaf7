import { failuresExceeded } from '#policy/limits.ts';
import type { Applying } from './applying.ts';
import { abandonOne, deleteOne, type Ending, type Past } from './delete-one.ts';
import { type HoldIndex, indexHolds } from './holds.ts';
import { type OpenChunk, openChunk, reopenChunk } from './open-chunk.ts';
import type { Outcome, OutcomeKind, PlannedDeletion } from './outcome.ts';
import { RunCheckpoint } from './run-checkpoint.ts';
import { countedAsFailed } from './run-counts.ts';
import type { PlanRecord, RunRecord, StopReason } from './run-record.ts';
import { workThrough } from './worker-pool.ts';

/** Enough to keep Intercom's largest limit busy through answers that take a quarter of a second. */
const deletionsInFlight = 48;

export interface Applied {
  readonly run: RunRecord;
  /** Why it ended: `done` when every chunk is settled. */
  readonly stopReason: StopReason;
}

interface Task {
  readonly chunk: OpenChunk;
  readonly deletion: PlannedDeletion;
  readonly holds: HoldIndex;
  readonly abandoned: boolean;
}

/**
 * Carries out a plan from the run's first unsettled chunk on. Each chunk's intent is stored before any of its DELETEs; the
 * next chunk opens while the last calls of the one before are still in flight.
 */
export async function applyChunks(applying: Applying, begun: RunRecord, plan: PlanRecord): Promise<Applied> {
  const { deps, policy } = applying;
  const progress = new RunCheckpoint(applying, begun);
  let stopReason: StopReason = 'done';

  const hasFailedTooOften = (): boolean =>
    failuresExceeded(policy.limits, begun.intended, countedAsFailed(progress.run.counts));

  async function* tasks(): AsyncGenerator<Task> {
    for (let at = begun.nextChunk; at < plan.chunkCount; at += 1) {
      const stopped = applying.reasonToStop() ?? (await pausedIn(applying, plan));
      if (stopped !== undefined || hasFailedTooOften()) {
        stopReason = stopped ?? 'failures';
        return;
      }
      applying.assertAllowed();
      const holds = indexHolds(await deps.state.readHolds(plan.workspaceId));
      const chunk = await openChunk(deps, begun, plan, at);
      takeOver(applying, chunk);
      progress.open(chunk);
      for (const deletion of chunk.deletions) {
        const stopping = applying.reasonToStop();
        if (stopping !== undefined) {
          stopReason = stopping;
          return;
        }
        const abandoned = hasFailedTooOften();
        if (abandoned) stopReason = 'failures';
        yield { chunk, deletion, holds, abandoned };
      }
    }
  }

  await workThrough(tasks(), deletionsInFlight, (task) => settle(applying, plan, progress, task));
  await progress.write();
  return { run: progress.run, stopReason };
}

/**
 * Finds an outcome for every intent that an interrupted run left without one, and deletes nothing more for it.
 */
export async function settleOpenChunks(
  applying: Applying,
  begun: RunRecord,
  plan: PlanRecord,
): Promise<RunRecord> {
  const progress = new RunCheckpoint(applying, begun);
  const holds = indexHolds([]); // nothing is deleted here

  async function* tasks(): AsyncGenerator<Task> {
    for (let at = begun.nextChunk; at < plan.chunkCount; at += 1) {
      const chunk = await reopenChunk(applying.deps, begun, plan, at);
      if (chunk === undefined) return;
      takeOver(applying, chunk);
      progress.open(chunk);
      for (const deletion of chunk.deletions) yield { chunk, deletion, holds, abandoned: true };
    }
  }

  await workThrough(tasks(), deletionsInFlight, (task) => settle(applying, plan, progress, task));
  await progress.write();
  return progress.run;
}

/** @throws LeaseLostError */
function takeOver(applying: Applying, { past, deletions, intendedAt }: OpenChunk): void {
  if (past === 'suspect' && deletions.length > 0) applying.assertGone(intendedAt);
}

async function settle(
  { deps, policy, assertAllowed }: Applying,
  plan: PlanRecord,
  progress: RunCheckpoint,
  { chunk, deletion, holds, abandoned }: Task,
): Promise<void> {
  const past: Past = chunk.past;
  const ending = abandoned
    ? await abandonOne(deps, deletion, past)
    : await deleteOne({ ...deps, policy, holds, assertAllowed }, deletion, past);
  const kind = await record(deps, toOutcome(deps, progress.run, plan, deletion, ending));
  await progress.settled(chunk.chunkNumber, deletion, kind);
  deps.observe({ kind: 'deleting', intended: progress.run.intended, counts: progress.run.counts });
}

/** Writes the outcome down. When there is one already, that one stands. */
async function record({ audit }: Applying['deps'], outcome: Outcome): Promise<OutcomeKind> {
  if ((await audit.putOutcome(outcome)) === 'written') return outcome.outcome;
  const standing = await audit.readOutcomes(outcome.workspaceId, outcome.runId, [outcome.conversationId]);
  return standing.get(outcome.conversationId)?.outcome ?? outcome.outcome;
}

function toOutcome(
  { clock }: Applying['deps'],
  run: RunRecord,
  plan: PlanRecord,
  deletion: PlannedDeletion,
  ending: Ending,
): Outcome {
  const recordedAt = clock.now();
  return {
    workspaceId: run.workspaceId,
    conversationId: deletion.conversationId,
    outcome: ending.outcome,
    reason: ending.reason,
    ruleId: deletion.ruleId,
    policyHash: run.policyHash,
    runId: run.runId,
    trigger: run.trigger,
    retainMetrics: deletion.retainMetrics,
    plannedAt: plan.asOf,
    attemptedAt: ending.attemptedAt,
    deletedAt: ending.outcome === 'deleted' ? recordedAt : null,
    recordedAt,
    httpStatus: ending.httpStatus,
    intercomRequestId: ending.intercomRequestId,
    facts: ending.facts,
  };
}

async function pausedIn({ deps }: Applying, { workspaceId }: PlanRecord): Promise<'paused' | undefined> {
  return (await deps.state.readPause(workspaceId)) === undefined ? undefined : 'paused';
}
