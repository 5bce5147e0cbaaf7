import { toIso } from '#policy/instant.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { GateDecision, PlanRecord } from '#sweep/run-record.ts';
import type { RunReport } from '#sweep/sweep-deps.ts';
import { toGateDocument, toPlanDocument } from './plan-document.ts';

/** A run as `--json` prints it: what its plan says, and what came of it. */
export function toRunDocument(report: RunReport) {
  const { run, plan } = report;
  const gate = gateOfRun(report);
  return {
    ...(plan === undefined ? withoutPlan : toPlanDocument(plan)),
    gate: gate === undefined ? null : toGateDocument(gate),
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
  };
}

/** What the gate said to this run. The plan's own record is of the time when it was made, perhaps before its approval. */
export function gateOfRun({ run, plan }: RunReport): GateDecision | undefined {
  const wasRefused = run.stopReason === 'refused' || run.stopReason === 'paused';
  return run.phase !== 'planning' && !wasRefused ? { allowed: true, refusals: [] } : plan?.gate;
}

/** A plan that was to be applied at once, and was not: what a run of it would print. */
export const toUnappliedDocument = (plan: PlanRecord) => ({
  ...toPlanDocument(plan),
  run_id: null,
  intended: 0,
  counts: noOutcomes,
  counts_by_rule: {},
  stop_reason: plan.status === 'planned' ? 'refused' : 'interrupted',
  rate_limited: 0,
});

/** A run that was stopped before it had a complete plan. */
const withoutPlan = {
  plan_id: null,
  as_of: null,
  scanned: 0,
  candidates: 0,
  by_rule: {},
};
