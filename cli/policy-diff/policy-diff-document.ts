import { toFactsRecord } from '#audit/audit-facts.ts';
import { toIso } from '#policy/instant.ts';
import type { ComparedConversation, UndecidedByRule } from '#sweep/comparison-tally.ts';
import type { Judged } from '#sweep/judged.ts';
import { diffNotes } from './diff-notes.ts';
import { diffWarnings } from './diff-warnings.ts';
import { headline } from './headline.ts';
import {
  type ComparedPolicy,
  countsByRule,
  type DiffSource,
  type PolicyDiff,
  totals,
} from './policy-diff.ts';

/** A comparison as `--json` prints it; the names are fixed. */
export function toPolicyDiffDocument(diff: PolicyDiff) {
  const { counts, changes, source } = diff;
  const { before, after } = totals(diff);
  const { samples } = counts;
  return {
    headline: `${headline(diff)}.`,
    old: toPolicy(diff.old),
    new: toPolicy(diff.new),
    workspace_id: diff.new.policy.workspaceId,
    on: diff.on,
    as_of: toIso(diff.asOf),
    source: toSource(source),
    totals: {
      deleted_by_old: before.deleted,
      deleted_by_new: after.deleted,
      ...counts.classes,
      metrics_newly_removed: counts.metricsNewlyRemoved,
      metrics_newly_retained: counts.metricsNewlyRetained,
      undecided: counts.undecided.conversations,
    },
    by_rule: countsByRule(diff).map(({ ruleId, before, after }) => ({
      rule_id: ruleId,
      deleted_by_old: before ?? null,
      deleted_by_new: after ?? null,
    })),
    transitions: counts.transitions.map((transition) => ({
      old: toJudged(transition.before),
      new: toJudged(transition.after),
      count: transition.count,
    })),
    undecided: counts.undecided.byRule.map(toUndecided),
    samples: {
      newly_caught: samples.newly_caught.map(toSample),
      newly_spared: samples.newly_spared.map(toSample),
      changed: samples.changed.map(toSample),
    },
    changes: changes.map(({ path, before, after, warning }) => ({
      path,
      old: before ?? null,
      new: after ?? null,
      warning: warning ?? null,
    })),
    warnings: diffWarnings(diff),
    notes: diffNotes(diff),
  };
}

const toPolicy = ({ path, hash, policy, failedTests }: ComparedPolicy) => ({
  path,
  policy_hash: hash,
  mode: policy.mode,
  failed_tests: failedTests,
});

const toSource = (source: DiffSource) =>
  source.kind === 'plan'
    ? {
        kind: source.kind,
        plan_id: source.plan.planId,
        policy_hash: source.plan.policyHash,
        conversations: source.plan.candidates,
      }
    : {
        kind: source.kind,
        scan: source.comparison.scan,
        scanned: source.comparison.scanned,
        unreadable: source.comparison.unreadable,
        workspace_total: source.comparison.workspaceTotal ?? null,
        holds: source.comparison.holds,
        api_calls: source.comparison.apiCalls,
      };

function toJudged(judged: Judged) {
  if (judged.kind === 'delete') {
    return { verdict: judged.kind, rule_id: judged.ruleId, retain_metrics: judged.retainMetrics };
  }
  if (judged.kind === 'undecided') return { verdict: judged.kind };
  const { reason } = judged;
  return {
    verdict: judged.kind,
    reason: reason.code,
    ...('ruleId' in reason ? { rule_id: reason.ruleId } : {}),
    ...('by' in reason ? { by: reason.by } : {}),
  };
}

const toSample = ({ conversationId, before, after, facts }: ComparedConversation) => ({
  conversation_id: conversationId,
  old: toJudged(before),
  new: toJudged(after),
  facts: toFactsRecord(facts),
});

const toUndecided = ({ policy, ruleId, count, needs }: UndecidedByRule) => ({
  policy,
  rule_id: ruleId,
  conversations: count,
  needs,
});
