import type { RuleId } from '#policy/ids.ts';
import { type OutcomeKind, outcomeKinds } from './outcome.ts';
import type { OutcomeCounts, RunRecord } from './run-record.ts';

type Counted = Pick<RunRecord, 'counts' | 'countsByRule'>;

export const noOutcomes: OutcomeCounts = { deleted: 0, not_found: 0, unresolved: 0, failed: 0, kept: 0 };

/** Deletions that took effect, or may have: what the limits count. */
export const countedAsDeleted = (counts: OutcomeCounts): number =>
  counts.deleted + counts.not_found + counts.unresolved;

/** Deletions that went wrong: what the error budget counts. */
export const countedAsFailed = (counts: OutcomeCounts): number => counts.failed + counts.unresolved;

/** Counts one outcome more. */
export function addOutcome<To extends Counted>(to: To, ruleId: RuleId, outcome: OutcomeKind): To {
  const one: OutcomeCounts = { ...noOutcomes, [outcome]: 1 };
  return addCounts(to, { counts: one, countsByRule: { [ruleId]: one } });
}

/** Counts everything that `more` has counted. */
export function addCounts<To extends Counted>(to: To, more: Counted): To {
  const byRule: Record<RuleId, OutcomeCounts> = { ...to.countsByRule };
  for (const [rule, counts] of Object.entries<OutcomeCounts>(more.countsByRule)) {
    const ruleId = rule as RuleId; // Object.entries forgets the brand of its keys
    byRule[ruleId] = sum(Object.hasOwn(byRule, ruleId) ? (byRule[ruleId] ?? noOutcomes) : noOutcomes, counts);
  }
  return { ...to, counts: sum(to.counts, more.counts), countsByRule: byRule };
}

function sum(some: OutcomeCounts, others: OutcomeCounts): OutcomeCounts {
  const total: Record<OutcomeKind, number> = { ...some };
  for (const kind of outcomeKinds) total[kind] += others[kind];
  return total;
}
