import type { RunId } from '#policy/ids.ts';
import { checkLimits, trimTo } from '#policy/limits.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import { StoreError } from './errors.ts';
import type { Approval, GateDecision, PlanRecord, Refusal } from './run-record.ts';
import type { SweepDeps, SweepRequest } from './sweep-deps.ts';

/** What the gate looks at. A session has it all; so has the worker that is at one event. */
export interface GateContext {
  readonly deps: Pick<SweepDeps, 'state' | 'clock'>;
  readonly request: Pick<SweepRequest, 'policyHash'>;
  readonly policy: ResolvedPolicy;
}

/**
 * The checks between a plan and any deletion: mode, approval, switch, holds, limits. Every reason to refuse is named.
 * With `when_exceeded: trim`, exceeding `per_run` or `per_day` is no reason to refuse, unless nothing is left.
 */
export async function decideGate(
  context: GateContext,
  plan: PlanRecord,
  applyingRun?: RunId,
): Promise<GateDecision> {
  const refusals = [
    ...(await permissionRefusals(context, plan, applyingRun)),
    ...(await limitRefusals(context, plan)),
  ];
  return { allowed: refusals.length === 0, refusals };
}

/** Everything but the limits: what must hold at the beginning of a run and whenever an interrupted one goes on. */
export async function permissionRefusals(
  context: GateContext,
  plan: PlanRecord,
  applyingRun: RunId | undefined,
): Promise<readonly Refusal[]> {
  const { deps, request, policy } = context;
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
  if (plan.candidates > 0 && (await approvalFor(context, plan)) === undefined) {
    refusals.push({ code: 'not_approved', setting: 'approval', value: null, limit: policy.approval });
  }
  const pause = await deps.state.readPause(plan.workspaceId);
  if (pause !== undefined) {
    refusals.push({ code: 'paused', setting: 'retention resume', value: pause.reason, limit: null });
  }
  if (!(await holdsAreReadable(context, plan))) {
    refusals.push({ code: 'holds_unreadable', setting: 'STATE_TABLE', value: null, limit: null });
  }
  return refusals;
}

/** How many of a plan's deletions this run may carry out: all, or with `trim` as many as the limits leave. */
export async function allowedDeletions(context: GateContext, plan: PlanRecord): Promise<number> {
  const usage = await limitUsage(context, plan);
  return trimTo(context.policy.limits, usage) ?? 0;
}

async function limitRefusals(context: GateContext, plan: PlanRecord): Promise<readonly Refusal[]> {
  const { limits } = context.policy;
  const usage = await limitUsage(context, plan);
  const exceeded = checkLimits(limits, usage);
  const mayTrim = (trimTo(limits, usage) ?? 0) > 0;
  return exceeded.filter(({ code }) => !(mayTrim && (code === 'per_run' || code === 'per_day')));
}

async function limitUsage({ deps }: GateContext, plan: PlanRecord) {
  return {
    candidates: plan.candidates,
    deletedInLastDay: await deps.state.deletionsInLastDay(plan.workspaceId, deps.clock.now()),
    workspaceTotal: plan.workspaceTotal,
  };
}

async function approvalFor({ deps, policy }: GateContext, plan: PlanRecord): Promise<Approval | undefined> {
  const { workspaceId, planId, policyHash } = plan;
  if (policy.approval === 'standing') {
    const ofPolicy = await deps.state.readPolicyApproval(workspaceId, policyHash);
    if (ofPolicy !== undefined) return ofPolicy;
  }
  const ofPlan = await deps.state.readPlanApproval(workspaceId, planId);
  return ofPlan?.policyHash === policyHash ? ofPlan : undefined;
}

async function holdsAreReadable({ deps }: GateContext, { workspaceId }: PlanRecord): Promise<boolean> {
  try {
    await deps.state.readHolds(workspaceId);
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
