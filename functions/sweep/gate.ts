import type { RunId } from '#policy/ids.ts';
import { checkLimits, trimTo } from '#policy/limits.ts';
import { StoreError } from './errors.ts';
import type { Approval, GateDecision, PlanRecord, Refusal } from './run-record.ts';
import type { Session } from './session.ts';

/**
 * The checks between a plan and any deletion: mode, approval, switch, holds, limits. Every reason to refuse is named.
 * With `when_exceeded: trim`, exceeding `per_run` or `per_day` is no reason to refuse, unless nothing is left.
 */
export async function decideGate(
  session: Session,
  plan: PlanRecord,
  applyingRun?: RunId,
): Promise<GateDecision> {
  const refusals = [
    ...(await permissionRefusals(session, plan, applyingRun)),
    ...(await limitRefusals(session, plan)),
  ];
  return { allowed: refusals.length === 0, refusals };
}

/** Everything but the limits: what must hold at the beginning of a run and whenever an interrupted one goes on. */
export async function permissionRefusals(
  session: Session,
  plan: PlanRecord,
  applyingRun: RunId | undefined,
): Promise<readonly Refusal[]> {
  const { deps, request, policy } = session;
  const refusals: Refusal[] = [];
  if (policy.mode === 'observe') {
    refusals.push({ code: 'observe_mode', setting: 'mode', value: 'observe', limit: 'delete' });
  }
  const isOurs = plan.status === 'applied' && applyingRun !== undefined && plan.appliedBy === applyingRun;
  if (plan.status !== 'planned' && !isOurs) {
    refusals.push({ code: 'plan_applied', setting: 'plan', value: plan.status, limit: 'planned' });
  }
  if (plan.policyHash !== request.policyHash) {
    refusals.push({
      code: 'policy_changed',
      setting: 'policy',
      value: request.policyHash,
      limit: plan.policyHash,
    });
  }
  // A plan that deletes nothing asks nobody for anything.
  if (plan.candidates > 0 && (await approvalFor(session, plan)) === undefined) {
    refusals.push({ code: 'not_approved', setting: 'approval', value: null, limit: policy.approval });
  }
  const pause = await deps.state.readPause(plan.workspaceId);
  if (pause !== undefined) {
    refusals.push({ code: 'paused', setting: 'retention resume', value: pause.reason, limit: null });
  }
  if (!(await holdsAreReadable(session))) {
    refusals.push({ code: 'holds_unreadable', setting: 'STATE_TABLE', value: null, limit: null });
  }
  return refusals;
}

/** How many of a plan's deletions this run may carry out: all, or with `trim` as many as the limits leave. */
export async function allowedDeletions(session: Session, plan: PlanRecord): Promise<number> {
  const usage = await limitUsage(session, plan);
  return trimTo(session.policy.limits, usage) ?? 0;
}

async function limitRefusals(session: Session, plan: PlanRecord): Promise<readonly Refusal[]> {
  const { limits } = session.policy;
  const usage = await limitUsage(session, plan);
  const exceeded = checkLimits(limits, usage);
  const mayTrim = (trimTo(limits, usage) ?? 0) > 0;
  return exceeded.filter(({ code }) => !(mayTrim && (code === 'per_run' || code === 'per_day')));
}

async function limitUsage({ deps }: Session, plan: PlanRecord) {
  return {
    candidates: plan.candidates,
    deletedInLastDay: await deps.state.deletionsInLastDay(plan.workspaceId, deps.clock.now()),
    workspaceTotal: plan.workspaceTotal,
  };
}

async function approvalFor({ deps, policy }: Session, plan: PlanRecord): Promise<Approval | undefined> {
  const ofPlan = await deps.state.readPlanApproval(plan.workspaceId, plan.planId);
  if (ofPlan !== undefined && ofPlan.policyHash === plan.policyHash) return ofPlan;
  if (policy.approval === 'each_run') return undefined;
  return deps.state.readPolicyApproval(plan.workspaceId, plan.policyHash);
}

async function holdsAreReadable({ deps, workspace }: Session): Promise<boolean> {
  try {
    await deps.state.readHolds(workspace.workspaceId);
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
