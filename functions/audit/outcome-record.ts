import { toIso } from '#policy/instant.ts';
import type { OutcomeKind, QueriedOutcome, RunTrigger } from '#sweep/outcome.ts';
import { type FactsRecord, toFactsRecord } from './audit-facts.ts';
import { isoOrNull } from './item.ts';

/** An outcome as it is printed and exported. The names and their order are fixed; times are ISO 8601 UTC; null where absent. */
export interface OutcomeRecord {
  readonly workspace_id: string;
  readonly conversation_id: string;
  readonly outcome: OutcomeKind;
  readonly reason: string | null;
  readonly rule_id: string;
  readonly policy_hash: string;
  readonly run_id: string;
  readonly trigger: RunTrigger;
  /** The flag that was sent. */
  readonly retain_metrics: boolean;
  /** Intercom's word on it; null until confirmed. */
  readonly metrics_retained: boolean | null;
  readonly planned_at: string;
  readonly attempted_at: string | null;
  /** Intercom's own time once confirmed; until then when its answer came. */
  readonly deleted_at: string | null;
  readonly confirmed_at: string | null;
  readonly http_status: number | null;
  readonly intercom_request_id: string | null;
  readonly facts: FactsRecord;
}

export const toOutcomeRecord = ({ outcome, confirmation }: QueriedOutcome): OutcomeRecord => ({
  workspace_id: outcome.workspaceId,
  conversation_id: outcome.conversationId,
  outcome: outcome.outcome,
  reason: outcome.reason,
  rule_id: outcome.ruleId,
  policy_hash: outcome.policyHash,
  run_id: outcome.runId,
  trigger: outcome.trigger,
  retain_metrics: outcome.retainMetrics,
  metrics_retained: confirmation?.metricsRetained ?? null,
  planned_at: toIso(outcome.plannedAt),
  attempted_at: isoOrNull(outcome.attemptedAt),
  deleted_at: isoOrNull(confirmation?.deletedAt ?? outcome.deletedAt),
  confirmed_at: isoOrNull(confirmation?.confirmedAt),
  http_status: outcome.httpStatus,
  intercom_request_id: outcome.intercomRequestId,
  facts: toFactsRecord(outcome.facts),
});
