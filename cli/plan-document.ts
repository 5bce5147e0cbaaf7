import { toIso } from '#policy/instant.ts';
import type { GateDecision, PlannedErasure, PlanRecord } from '#sweep/run-record.ts';

/** A plan as `--json` prints it; the names are fixed. */
export const toPlanDocument = (plan: PlanRecord) => ({
  plan_id: plan.planId,
  policy_hash: plan.policyHash,
  workspace_id: plan.workspaceId,
  workspace_name: plan.workspaceName,
  status: plan.status,
  trigger: plan.trigger,
  as_of: toIso(plan.asOf),
  scan: plan.scan,
  workspace_total: plan.workspaceTotal ?? null,
  scanned: plan.scanned,
  candidates: plan.candidates,
  by_rule: plan.byRule,
  kept_by: plan.keptBy,
  api_calls: plan.apiCalls,
  gate: plan.gate === undefined ? null : toGateDocument(plan.gate),
  ...(plan.erasure === undefined ? {} : toErasureDocument(plan.erasure)),
});

const toErasureDocument = ({ contactId, kept }: PlannedErasure) => ({
  contact_id: contactId,
  kept: kept.map(({ conversationId, reason, detail }) => ({
    conversation_id: conversationId,
    reason,
    detail,
  })),
});

export const toGateDocument = ({ allowed, refusals }: GateDecision) => ({
  allowed,
  refusals: refusals.map(({ code, setting, value, limit }) => ({ code, setting, value, limit })),
});
