import type { RunId, WorkspaceId } from '#policy/ids.ts';
import { OutsideError } from '#sweep/errors.ts';
import type { AuditTrail, RunState } from '#sweep/ports.ts';
import type { PlanRecord, Refusal, RunRecord } from '#sweep/run-record.ts';
import type { RunReport, SweepDeps } from '#sweep/sweep-deps.ts';

interface Stores {
  readonly audit: Pick<AuditTrail, 'readSummary'>;
  readonly state: Pick<RunState, 'readRun' | 'readPlan' | 'readPause'>;
}

/** What a run that somebody else carried out came to, as that process would report it. @throws OutsideError */
export async function remoteRunReport(
  stores: Stores,
  workspaceId: WorkspaceId,
  { runId, isPaused }: { readonly runId: RunId; readonly isPaused: boolean },
): Promise<RunReport> {
  const { audit, state } = stores;
  const run = await state.readRun(workspaceId, runId);
  if (run === undefined) {
    throw new OutsideError(
      `The state table knows nothing of the run ${runId}, which the execution says it carried out; check that the stack's tables are the functions' own.`,
      { retryable: false },
    );
  }
  const [plan, summary] = await Promise.all([
    run.planId === undefined ? undefined : state.readPlan(workspaceId, run.planId),
    audit.readSummary(workspaceId, runId),
  ]);
  if (isPaused) {
    const refusals = await pauseRefusals(stores, workspaceId);
    return { run: { ...run, stopReason: 'paused' }, plan: withRefusals(plan, refusals), done: false };
  }
  return { run, plan: withRefusals(plan, summary?.refusals ?? []), done: true };
}

/** The plan's own record is of the time when it was made, perhaps before its approval. */
function withRefusals(plan: PlanRecord | undefined, refusals: readonly Refusal[]): PlanRecord | undefined {
  return plan === undefined || refusals.length === 0 ? plan : { ...plan, gate: { allowed: false, refusals } };
}

async function pauseRefusals({ state }: Stores, workspaceId: WorkspaceId): Promise<readonly Refusal[]> {
  const pause = await state.readPause(workspaceId);
  return [{ code: 'paused', setting: 'retention resume', value: pause?.reason ?? null, limit: null }];
}

export interface WatchDeps {
  readonly state: Pick<RunState, 'readUnfinishedRun' | 'plans'>;
  readonly observe: SweepDeps['observe'];
}

/** Tells how far the run of a workspace has got that is under way elsewhere, by its last checkpoint. */
export async function observeRun({ state, observe }: WatchDeps, workspaceId: WorkspaceId): Promise<void> {
  const run = await state.readUnfinishedRun(workspaceId);
  if (run === undefined) return;
  if (run.phase === 'applying') observe({ kind: 'deleting', intended: run.intended, counts: run.counts });
  else await observePlan({ state, observe }, run);
}

async function observePlan({ state, observe }: WatchDeps, { workspaceId }: RunRecord): Promise<void> {
  for await (const plan of state.plans(workspaceId)) {
    if (plan.status !== 'planning') return;
    const { scan, scanned, candidates, workspaceTotal } = plan;
    // A search reads as many as it finds, and how many that are it does not know.
    const expected = scan === 'list' ? workspaceTotal : undefined;
    observe({ kind: 'scanning', scan, scanned, candidates, expected });
    return;
  }
}
