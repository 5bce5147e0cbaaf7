import { describe, expect, it } from 'vitest';
import { summarise } from '#cli/audit-summary.ts';
import { brandId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import { aConfirmation, anOutcome } from '#support/audit-builders.ts';

const none = { deleted: 0, not_found: 0, unresolved: 0, failed: 0, kept: 0 };

describe('summarise', () => {
  it('counts by outcome, kept reason, day in UTC, rule, metrics flag as sent and as confirmed, and confirmation of what was deleted', async () => {
    async function* records() {
      yield { outcome: anOutcome(), confirmation: aConfirmation({ metricsRetained: false }) };
      yield {
        outcome: anOutcome({ ruleId: brandId('spam'), retainMetrics: false }),
        confirmation: undefined,
      };
      yield {
        outcome: anOutcome({
          outcome: 'kept',
          reason: 'held',
          recordedAt: instantFromIso('2026-11-22T00:00:00Z'),
        }),
        confirmation: undefined,
      };
    }
    expect(await summarise(records())).toEqual({
      total: 3,
      byOutcome: { ...none, deleted: 2, kept: 1 },
      keptByReason: new Map([['held', 1]]),
      byDay: new Map([
        ['2026-11-21', { ...none, deleted: 2 }],
        ['2026-11-22', { ...none, kept: 1 }],
      ]),
      byRule: new Map([
        ['closed-two-years', { ...none, deleted: 1, kept: 1 }],
        ['spam', { ...none, deleted: 1 }],
      ]),
      byRetainMetrics: new Map([
        ['true', { ...none, deleted: 1, kept: 1 }],
        ['false', { ...none, deleted: 1 }],
      ]),
      byMetricsRetained: new Map([
        ['false', { ...none, deleted: 1 }],
        ['unconfirmed', { ...none, deleted: 1, kept: 1 }],
      ]),
      byConfirmation: { confirmed: 0, flag_mismatch: 1, unconfirmed: 1 },
    });
  });
});
