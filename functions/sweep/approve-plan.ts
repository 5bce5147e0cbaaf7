import type { PlanId, PolicyHash, WorkspaceId } from '#policy/ids.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import { ConfigurationError } from './errors.ts';
import type { Approval } from './run-record.ts';
import type { SweepDeps } from './sweep-deps.ts';

export interface ApprovalRequest {
  readonly workspaceId: WorkspaceId;
  readonly planId: PlanId;
  readonly policy: NamedPolicy;
  readonly policyHash: PolicyHash;
  /** The login or role of the person who approves. */
  readonly by: string;
}

/**
 * Approves a plan; with `approval: standing` the policy's later runs as well. The audit learns of it first, so that
 * nothing is ever permitted without a trace.
 * @throws ConfigurationError when there is no such plan, or none that can be approved.
 */
export async function approvePlan(
  { audit, state, clock }: Pick<SweepDeps, 'audit' | 'state' | 'clock'>,
  request: ApprovalRequest,
): Promise<Approval> {
  const { workspaceId, planId, policy, policyHash, by } = request;
  const plan = await state.readPlan(workspaceId, planId);
  if (plan === undefined) {
    throw new ConfigurationError(
      `There is no plan ${planId}; "retention plan list" shows the plans there are.`,
    );
  }
  const again = plan.erasure === undefined ? 'retention plan' : 'retention erase';
  if (plan.status !== 'planned') {
    throw new ConfigurationError(
      `The plan ${planId} is ${plan.status} and cannot be approved; make a new one with "${again}".`,
    );
  }
  if (plan.policyHash !== policyHash) {
    throw new ConfigurationError(
      `The policy has changed since the plan ${planId} was made; make a new plan with "${again}" and approve that.`,
    );
  }
  const approval: Approval = {
    workspaceId,
    planId,
    policyHash: plan.policyHash,
    covers: policy.approval === 'standing' ? 'policy' : 'plan',
    approvedBy: by,
    approvedAt: clock.now(),
  };
  await audit.putAct({
    workspaceId,
    kind: 'approved',
    at: approval.approvedAt,
    by,
    subject: planId,
    details: { policy_hash: approval.policyHash, covers: approval.covers },
  });
  await state.writeApproval(approval);
  return approval;
}
