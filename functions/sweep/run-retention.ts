import { brandId, type PlanId, type RunId } from '#policy/ids.ts';
import { applyChunks, settleOpenChunks } from './apply-chunks.ts';
import { applyingIn } from './applying.ts';
import { ConfigurationError } from './errors.ts';
import { allowedDeletions, decideGate, permissionRefusals } from './gate.ts';
import { planIn } from './make-plan.ts';
import { countedAsDeleted, noOutcomes } from './run-counts.ts';
import { assertNotInTheWay } from './run-in-the-way.ts';
import type { GateDecision, PlanRecord, Refusal, RunRecord, StopReason } from './run-record.ts';
import { type Session, withSession, withUsage } from './session.ts';
import type { RunReport, SweepDeps, SweepRequest } from './sweep-deps.ts';
import { findTrimCut } from './trim-cut.ts';

/**
 * What the schedule does: settle what an earlier run left, plan, gate, apply, summary. An interrupted run of the same policy
 * is gone on with, from where it stopped; calling this again after any end, a crash included, is always right.
 */
export function runRetention(deps: SweepDeps, request: SweepRequest): Promise<RunReport> {
  return withSession(deps, request, async (session) => {
    const run = (await settleEarlierRun(session, undefined)) ?? (await beginRun(session, undefined));
    return carryOut(session, run);
  });
}

/**
 * Applies one stored plan, or goes on with the interrupted run that applies it.
 * @throws ConfigurationError when there is no such plan.
 */
export function applyPlan(
  deps: SweepDeps,
  request: SweepRequest & { readonly planId: PlanId },
): Promise<RunReport> {
  return withSession(deps, request, async (session) => {
    const plan = await deps.state.readPlan(session.workspace.workspaceId, request.planId);
    if (plan === undefined) {
      throw new ConfigurationError(
        `There is no plan ${request.planId}; "retention plan list" shows the plans there are.`,
      );
    }
    const run = (await settleEarlierRun(session, plan.planId)) ?? (await beginRun(session, plan.planId));
    return carryOut(session, run);
  });
}

/**
 * Deals with the run that did not finish, if there is one: returns it when it may be gone on with (same policy; the plan
 * asked for, if one is); otherwise finds an outcome for each of its open intents and closes it.
 * @throws OutsideError when it is in the way of an erasure.
 */
async function settleEarlierRun(
  session: Session,
  wanted: PlanId | undefined,
): Promise<RunRecord | undefined> {
  const { deps, request, workspace } = session;
  const earlier = await deps.state.readUnfinishedRun(workspace.workspaceId);
  if (earlier === undefined) return undefined;
  deps.observe({ kind: 'settling', run: earlier });
  const isSamePolicy = earlier.policyHash === request.policyHash;
  const isSamePlan = wanted === undefined || earlier.planId === wanted;
  if (isSamePolicy && isSamePlan) return earlier;

  assertNotInTheWay(request, earlier);

  const plan = await planOf(session, earlier);
  const settled = plan === undefined ? earlier : await settleOpenChunks(applyingIn(session), earlier, plan);
  await finish(session, settled, plan, 'superseded', []);
  return undefined;
}

async function beginRun(session: Session, planId: PlanId | undefined): Promise<RunRecord> {
  const { deps, request, workspace, lease } = session;
  const run: RunRecord = {
    workspaceId: workspace.workspaceId,
    runId: brandId<RunId>(deps.newId()),
    trigger: request.trigger,
    policyHash: request.policyHash,
    planId: planId ?? (await approvedPlanInWaiting(session)),
    phase: 'planning',
    startedAt: deps.clock.now(),
    finishedAt: undefined,
    stopReason: undefined,
    nextChunk: 0,
    trimmedTo: undefined,
    intended: 0,
    counts: noOutcomes,
    countsByRule: {},
    apiCalls: 0,
    rateLimited: 0,
  };
  await deps.audit.putRunStarted(run);
  await deps.state.writeRun(run, lease.fence);
  return run;
}

const standingPlanAgeMs = 24 * 3_600_000;

/**
 * The newest plan, when a person has approved it and it has not been applied: that is the one they expect to be carried out.
 * Under a standing approval only for a day, since a new plan needs no new approval.
 */
async function approvedPlanInWaiting({ deps, request, workspace, policy }: Session) {
  for await (const plan of deps.state.plans(workspace.workspaceId)) {
    if (plan.status !== 'planned' || plan.policyHash !== request.policyHash) continue;
    const isRecent = deps.clock.now() - plan.asOf <= standingPlanAgeMs;
    if (policy.approval === 'standing' && !isRecent) return undefined;
    const approval = await deps.state.readPlanApproval(plan.workspaceId, plan.planId);
    if (approval !== undefined) return plan.planId;
  }
  return undefined;
}

async function carryOut(session: Session, begun: RunRecord): Promise<RunReport> {
  const planned = begun.phase === 'planning' ? await planPhase(session, begun) : begun;
  const plan = await planOf(session, planned);
  if (plan === undefined || plan.status === 'planning') return unfinished(session, planned, plan);

  if (planned.phase === 'planning') {
    // Nothing is deleted yet: what an earlier process may have set aside for this run is free again.
    await session.deps.state.settleReservation(plan.workspaceId, planned.runId, 0, session.deps.clock.now());
    const gate = await decideGate(session, plan, planned.runId);
    const applying = gate.allowed ? await beginApplying(session, planned, plan) : gate;
    session.deps.observe({ kind: 'gated', decision: 'run' in applying ? gate : applying });
    return 'run' in applying
      ? applyPhase(session, applying.run, { ...plan, gate })
      : refuse(session, planned, plan, applying.refusals);
  }
  return resume(session, planned, plan);
}

async function planPhase(session: Session, run: RunRecord): Promise<RunRecord> {
  if (run.planId !== undefined) {
    const plan = await planOf(session, run);
    if (plan?.status === 'planned' || plan?.status === 'applied') return run;
  }
  const plan = await planIn(session);
  const planned: RunRecord = { ...run, planId: plan.planId };
  await session.deps.state.writeRun(withUsage(session, planned), session.lease.fence);
  if (plan.status === 'planned') session.deps.observe({ kind: 'planned', plan });
  return planned;
}

/** The gate's last word: sets the deletions aside under the day's limit, if it still has room, and marks the plan as this run's. */
async function beginApplying(
  session: Session,
  run: RunRecord,
  plan: PlanRecord,
): Promise<{ readonly run: RunRecord } | GateDecision> {
  const { deps, policy, lease } = session;
  const intended = await allowedDeletions(session, plan);
  const limit = policy.limits.perDay;
  const reservation = await deps.state.reserveDeletions({
    workspaceId: run.workspaceId,
    key: run.runId,
    count: intended,
    limit,
    now: deps.clock.now(),
  });
  if (!reservation.reserved) {
    const value = reservation.used + intended;
    return { allowed: false, refusals: [{ code: 'per_day', setting: 'limits.per_day', value, limit }] };
  }
  await deps.state.writePlan({ ...plan, status: 'applied', appliedBy: run.runId }, lease.fence);
  const trimmedTo = intended < plan.candidates ? await findTrimCut(deps.audit, plan, intended) : undefined;
  const applying: RunRecord = { ...run, phase: 'applying', intended, trimmedTo };
  await deps.state.writeRun(withUsage(session, applying), lease.fence);
  return { run: applying };
}

/** Goes on with an interrupted run, if it is still permitted: somebody may have changed the mode or pulled the switch since. */
async function resume(session: Session, run: RunRecord, plan: PlanRecord): Promise<RunReport> {
  const refusals = await permissionRefusals(session, plan, run.runId);
  if (refusals.length === 0) return applyPhase(session, run, plan);
  session.deps.observe({ kind: 'gated', decision: { allowed: false, refusals } });
  const settled = await settleOpenChunks(applyingIn(session), run, plan);
  // A pause is over some day, and then this run goes on; any other refusal ends it.
  const isOnlyPaused = refusals.every(({ code }) => code === 'paused');
  return isOnlyPaused
    ? unfinished(
        session,
        { ...settled, stopReason: 'paused' },
        { ...plan, gate: { allowed: false, refusals } },
      )
    : refuse(session, settled, plan, refusals);
}

async function applyPhase(session: Session, run: RunRecord, plan: PlanRecord): Promise<RunReport> {
  const { run: applied, stopReason } = await applyChunks(applyingIn(session), run, plan);
  return stopReason === 'done' || stopReason === 'failures'
    ? finish(session, applied, plan, stopReason, [])
    : unfinished(session, { ...applied, stopReason }, plan);
}

function refuse(
  session: Session,
  run: RunRecord,
  plan: PlanRecord,
  refusals: readonly Refusal[],
): Promise<RunReport> {
  return finish(session, run, { ...plan, gate: { allowed: false, refusals } }, 'refused', refusals);
}

/** Closes a run. Each write can be repeated, so a process that dies in between leaves nothing that the next cannot complete. */
async function finish(
  session: Session,
  run: RunRecord,
  plan: PlanRecord | undefined,
  stopReason: StopReason,
  refusals: readonly Refusal[],
): Promise<RunReport> {
  const { deps, lease } = session;
  const finishedAt = deps.clock.now();
  const finished = withUsage(session, { ...run, phase: 'finished', finishedAt, stopReason });
  await deps.state.settleReservation(run.workspaceId, run.runId, countedAsDeleted(run.counts), finishedAt);
  await deps.audit.putSummary({ ...finished, finishedAt, stopReason, refusals });
  await deps.state.writeRun(finished, lease.fence);
  deps.observe({ kind: 'finished', run: finished });
  return { run: finished, plan, done: true };
}

function unfinished(session: Session, run: RunRecord, plan: PlanRecord | undefined): RunReport {
  const { request } = session;
  const stopReason = run.stopReason ?? (request.stop.aborted ? 'interrupted' : 'deadline');
  return { run: withUsage(session, { ...run, stopReason }), plan, done: false };
}

async function planOf({ deps }: Session, run: RunRecord): Promise<PlanRecord | undefined> {
  return run.planId === undefined ? undefined : deps.state.readPlan(run.workspaceId, run.planId);
}
