import type { PolicyHash } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { Confirmation, Outcome, QueriedOutcome } from '#sweep/outcome.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { OutcomeCounts } from '#sweep/run-record.ts';
import type { ListedAs, OutcomeFigures, PolicyUse } from './report-figures.ts';
import { type Interval, intervalStart } from './report-span.ts';

const noneListed: ListedAs = { kept: 0, removed: 0, notListed: 0 };

/** Counts a stream once, outcome by outcome; keeps sums only. */
export async function countOutcomes(
  outcomes: AsyncIterable<QueriedOutcome>,
  interval: Interval,
): Promise<OutcomeFigures> {
  let records = 0;
  let byOutcome = noOutcomes;
  const byRule = new Map<string, OutcomeCounts>();
  const deletedByInterval = new Map<Instant, Map<string, number>>();
  const keptByReason = new Map<string, number>();
  const failedByReason = new Map<string, number>();
  const metrics = { askedToKeep: noneListed, askedToRemove: noneListed };
  const policies = new Map<PolicyHash, PolicyUse>();
  for await (const { outcome: record, confirmation } of outcomes) {
    const { outcome, ruleId, retainMetrics, reason, recordedAt } = record;
    records += 1;
    byOutcome = plusOne(byOutcome, outcome);
    byRule.set(ruleId, plusOne(byRule.get(ruleId) ?? noOutcomes, outcome));
    policies.set(record.policyHash, withUse(policies.get(record.policyHash), record));
    if (outcome === 'kept') countIn(keptByReason, reason ?? 'unknown');
    if (outcome === 'failed') countIn(failedByReason, reason ?? 'unknown');
    if (outcome !== 'deleted') continue;
    const start = intervalStart(recordedAt, interval);
    const ofInterval = deletedByInterval.get(start) ?? new Map<string, number>();
    countIn(ofInterval, ruleId);
    deletedByInterval.set(start, ofInterval);
    const asked = retainMetrics ? 'askedToKeep' : 'askedToRemove';
    metrics[asked] = plusOne(metrics[asked], listedAs(confirmation));
  }
  return {
    records,
    byOutcome,
    byRule,
    deletedByInterval,
    keptByReason,
    failedByReason,
    metrics,
    policies,
  };
}

function listedAs(confirmation: Confirmation | undefined): keyof ListedAs {
  if (confirmation === undefined) return 'notListed';
  return confirmation.metricsRetained ? 'kept' : 'removed';
}

function withUse(use: PolicyUse | undefined, { outcome, recordedAt }: Outcome): PolicyUse {
  const isDeleted = Number(outcome === 'deleted');
  if (use === undefined) return { firstAt: recordedAt, lastAt: recordedAt, deleted: isDeleted, records: 1 };
  return {
    ...use,
    lastAt: recordedAt,
    deleted: use.deleted + isDeleted,
    records: use.records + 1,
  };
}

const plusOne = <Key extends string>(
  counts: Readonly<Record<Key, number>>,
  key: Key,
): Readonly<Record<Key, number>> => ({ ...counts, [key]: counts[key] + 1 });

const countIn = <Key>(counts: Map<Key, number>, key: Key): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};
