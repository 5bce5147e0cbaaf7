import { failuresExceeded } from '#policy/limits.ts';
import { abandonOne, deleteOne, type Ending, type Past } from './delete-one.ts';
import { type HoldIndex, indexHolds } from './holds.ts';
import { type OpenChunk, openChunk, reopenChunk } from './open-chunk.ts';
import type { Outcome, OutcomeKind, PlannedDeletion } from './outcome.ts';
import { RunCheckpoint } from './run-checkpoint.ts';
import { countedAsFailed } from './run-counts.ts';
import type { PlanRecord, RunRecord, StopReason } from './run-record.ts';
import type { Session } from './session.ts';
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
export async function applyChunks(session: Session, begun: RunRecord, plan: PlanRecord): Promise<Applied> {
  const progress = new RunCheckpoint(session, begun);
  let stopReason: StopReason = 'done';

  const hasFailedTooOften = (): boolean =>
    failuresExceeded(session.policy.limits, begun.intended, countedAsFailed(progress.run.counts));

  async function* tasks(): AsyncGenerator<Task> {
    for (let at = begun.nextChunk; at < plan.chunkCount; at += 1) {
      const stopped = await reasonToStop(session);
      if (stopped !== undefined || hasFailedTooOften()) {
        stopReason = stopped ?? 'failures';
        return;
      }
      session.lease.assertHeld();
      const holds = indexHolds(await session.deps.state.readHolds(plan.workspaceId));
      const chunk = await openChunk(session.deps, begun, plan, at);
      progress.open(chunk);
      for (const deletion of chunk.deletions) {
        if (session.mustStop()) {
          stopReason = stopNow(session);
          return;
        }
        const abandoned = hasFailedTooOften();
        if (abandoned) stopReason = 'failures';
        yield { chunk, deletion, holds, abandoned };
      }
    }
  }

  await workThrough(tasks(), deletionsInFlight, (task) => settle(session, plan, progress, task));
  await progress.write();
  return { run: progress.run, stopReason };
}

/**
 * Finds an outcome for every intent that an interrupted run left without one, and deletes nothing more for it.
 */
export async function settleOpenChunks(
  session: Session,
  begun: RunRecord,
  plan: PlanRecord,
): Promise<RunRecord> {
  const progress = new RunCheckpoint(session, begun);
  const holds = indexHolds([]); // nothing is deleted here

  async function* tasks(): AsyncGenerator<Task> {
    for (let at = begun.nextChunk; at < plan.chunkCount; at += 1) {
      const chunk = await reopenChunk(session.deps, begun, plan, at);
      if (chunk === undefined) return;
      progress.open(chunk);
      for (const deletion of chunk.deletions) yield { chunk, deletion, holds, abandoned: true };
    }
  }

  await workThrough(tasks(), deletionsInFlight, (task) => settle(session, plan, progress, task));
  await progress.write();
  return progress.run;
}

async function settle(
  session: Session,
  plan: PlanRecord,
  progress: RunCheckpoint,
  { chunk, deletion, holds, abandoned }: Task,
): Promise<void> {
  const { deps, policy, lease } = session;
  const past: Past = chunk.past;
  const ending = abandoned
    ? await abandonOne(deps, deletion, past)
    : await deleteOne({ ...deps, policy, holds, assertAllowed: () => lease.assertHeld() }, deletion, past);
  const kind = await record(session, toOutcome(session, progress.run, plan, deletion, ending));
  await progress.settled(chunk.chunkNumber, deletion.ruleId, kind);
  deps.observe({ kind: 'deleting', intended: progress.run.intended, counts: progress.run.counts });
}

/** Writes the outcome down. When there is one already, that one stands. */
async function record({ deps }: Session, outcome: Outcome): Promise<OutcomeKind> {
  if ((await deps.audit.putOutcome(outcome)) === 'written') return outcome.outcome;
  const standing = await deps.audit.readOutcomes(outcome.workspaceId, outcome.runId, [
    outcome.conversationId,
  ]);
  return standing.get(outcome.conversationId)?.outcome ?? outcome.outcome;
}

function toOutcome(
  { deps }: Session,
  run: RunRecord,
  plan: PlanRecord,
  deletion: PlannedDeletion,
  ending: Ending,
): Outcome {
  const recordedAt = deps.clock.now();
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

async function reasonToStop(session: Session): Promise<StopReason | undefined> {
  if (session.mustStop()) return stopNow(session);
  const pause = await session.deps.state.readPause(session.workspace.workspaceId);
  return pause === undefined ? undefined : 'paused';
}

const stopNow = ({ request }: Session): StopReason => (request.stop.aborted ? 'interrupted' : 'deadline');
