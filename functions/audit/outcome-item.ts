import {
  brandId,
  type ConversationId,
  type PolicyHash,
  type RuleId,
  type RunId,
  type WorkspaceId,
} from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import { type Outcome, outcomeKinds, runTriggers } from '#sweep/outcome.ts';
import { fromFactsItem } from './audit-facts.ts';
import {
  booleanOf,
  type Item,
  instantOf,
  mapOf,
  optionalInstantOf,
  optionalNumberOf,
  optionalTextOf,
  textOf,
  withoutNulls,
  wordOf,
} from './item.ts';
import {
  dayPartition,
  outcomeKey,
  outcomeSortKey,
  ruleMonthPartition,
  runOutcomesPartition,
} from './keys.ts';
import { toOutcomeRecord } from './outcome-record.ts';

/** One item, in the table and in its three indexes; below 1 KB, so that each costs one write unit. */
export function toOutcomeItem(outcome: Outcome): Item {
  const { workspaceId, conversationId, runId, ruleId, recordedAt } = outcome;
  const record = toOutcomeRecord({ outcome, confirmation: undefined });
  return {
    ...outcomeKey(workspaceId, conversationId, runId),
    by_day: dayPartition(workspaceId, recordedAt),
    by_rule: ruleMonthPartition(workspaceId, ruleId, recordedAt),
    by_run: runOutcomesPartition(workspaceId, runId),
    at: outcomeSortKey(recordedAt, conversationId),
    recorded_at: toIso(recordedAt),
    ...withoutNulls({ ...record, facts: withoutNulls(record.facts) }),
  };
}

export const fromOutcomeItem = (item: Item): Outcome => ({
  workspaceId: brandId<WorkspaceId>(textOf(item, 'workspace_id')),
  conversationId: brandId<ConversationId>(textOf(item, 'conversation_id')),
  outcome: wordOf(item, 'outcome', outcomeKinds),
  reason: optionalTextOf(item, 'reason') ?? null,
  ruleId: brandId<RuleId>(textOf(item, 'rule_id')),
  policyHash: brandId<PolicyHash>(textOf(item, 'policy_hash')),
  runId: brandId<RunId>(textOf(item, 'run_id')),
  trigger: wordOf(item, 'trigger', runTriggers),
  retainMetrics: booleanOf(item, 'retain_metrics'),
  plannedAt: instantOf(item, 'planned_at'),
  attemptedAt: optionalInstantOf(item, 'attempted_at') ?? null,
  deletedAt: optionalInstantOf(item, 'deleted_at') ?? null,
  recordedAt: instantOf(item, 'recorded_at'),
  httpStatus: optionalNumberOf(item, 'http_status') ?? null,
  intercomRequestId: optionalTextOf(item, 'intercom_request_id') ?? null,
  facts: fromFactsItem(mapOf(item, 'facts')),
});
