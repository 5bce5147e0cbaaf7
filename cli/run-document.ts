import { toIso } from '#policy/instant.ts';
import type { RunReport } from '#sweep/sweep-deps.ts';
import { toPlanDocument } from './plan-document.ts';

/** A run as `--json` prints it: what its plan says, and what came of it. */
export const toRunDocument = ({ run, plan }: RunReport) => ({
  ...(plan === undefined ? withoutPlan : toPlanDocument(plan)),
  policy_hash: run.policyHash,
  workspace_id: run.workspaceId,
  run_id: run.runId,
  trigger: run.trigger,
  started_at: toIso(run.startedAt),
  intended: run.intended,
  counts: run.counts,
  counts_by_rule: run.countsByRule,
  stop_reason: run.stopReason ?? null,
  api_calls: run.apiCalls,
  rate_limited: run.rateLimited,
});

/** A run that was stopped before it had a complete plan. */
const withoutPlan = {
  plan_id: null,
  as_of: null,
  scanned: 0,
  candidates: 0,
  by_rule: {},
  gate: null,
};
