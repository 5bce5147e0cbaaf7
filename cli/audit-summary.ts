import { toIso } from '#policy/instant.ts';
import { type Claim, isClaim } from '#sweep/classify-deletion.ts';
import type { Confirmation, OutcomeKind, QueriedOutcome } from '#sweep/outcome.ts';
import { noOutcomes } from '#sweep/run-counts.ts';

export type Counts = Readonly<Record<OutcomeKind, number>>;

/** Of the deletions. `unconfirmed`: Intercom's list does not name it, as far as it has been read. */
export type ConfirmationCounts = Readonly<Record<'confirmed' | 'flag_mismatch' | 'unconfirmed', number>>;

/** Audit records counted, in groups that come in the order of the records. */
export interface AuditSummary {
  readonly total: number;
  readonly byOutcome: Counts;
  readonly keptByReason: ReadonlyMap<string, number>;
  /** By day in UTC, `2026-01-31`. */
  readonly byDay: ReadonlyMap<string, Counts>;
  readonly byRule: ReadonlyMap<string, Counts>;
  /** `true` or `false`, as sent. */
  readonly byRetainMetrics: ReadonlyMap<string, Counts>;
  /** `true`, `false`, or `unconfirmed`. */
  readonly byMetricsRetained: ReadonlyMap<string, Counts>;
  readonly byConfirmation: ConfirmationCounts;
}

/** Counts a stream; memory grows with the number of days and rules alone. */
export async function summarise(outcomes: AsyncIterable<QueriedOutcome>): Promise<AuditSummary> {
  let total = 0;
  const all = new Map<string, Counts>();
  const keptByReason = new Map<string, number>();
  const byDay = new Map<string, Counts>();
  const byRule = new Map<string, Counts>();
  const byRetainMetrics = new Map<string, Counts>();
  const byMetricsRetained = new Map<string, Counts>();
  const byConfirmation = { confirmed: 0, flag_mismatch: 0, unconfirmed: 0 };
  for await (const { outcome: record, confirmation } of outcomes) {
    total += 1;
    count(all, 'all', record.outcome);
    count(byDay, toIso(record.recordedAt).slice(0, 10), record.outcome);
    count(byRule, record.ruleId, record.outcome);
    count(byRetainMetrics, String(record.retainMetrics), record.outcome);
    count(byMetricsRetained, String(confirmation?.metricsRetained ?? 'unconfirmed'), record.outcome);
    if (isClaim(record)) byConfirmation[confirmationOf(record, confirmation)] += 1;
    if (record.outcome === 'kept') {
      const reason = record.reason ?? 'unknown';
      keptByReason.set(reason, (keptByReason.get(reason) ?? 0) + 1);
    }
  }
  const byOutcome = all.get('all') ?? noOutcomes;
  return {
    total,
    byOutcome,
    keptByReason,
    byDay,
    byRule,
    byRetainMetrics,
    byMetricsRetained,
    byConfirmation,
  };
}

function confirmationOf(claim: Claim, confirmation: Confirmation | undefined): keyof ConfirmationCounts {
  if (confirmation === undefined) return 'unconfirmed';
  return confirmation.metricsRetained === claim.retainMetrics ? 'confirmed' : 'flag_mismatch';
}

function count(groups: Map<string, Counts>, group: string, outcome: OutcomeKind): void {
  const before = groups.get(group) ?? noOutcomes;
  groups.set(group, { ...before, [outcome]: before[outcome] + 1 });
}
