import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayText } from '#cli/number-text.ts';
import { attentionOf } from '#cli/report/attention.ts';
import { gatherFigures } from '#cli/report/gather-figures.ts';
import { intervalStart, reportSpan } from '#cli/report/report-span.ts';
import { dueCount } from '#cli/report/seal-figures.ts';
import { brandId, type PolicyHash, type RuleId } from '#policy/ids.ts';
import { type Instant, instantFromIso, instantFromMs } from '#policy/instant.ts';
import {
  aConfirmation,
  anOutcome,
  aReconciliation,
  aSummary,
  runIdOf,
  workspaceId,
} from '#support/audit-builders.ts';
import { streamOf } from '#support/stream-of.ts';
import { outcomeKinds, type QueriedOutcome, runTriggers } from '#sweep/outcome.ts';
import type { Reconciliation } from '#sweep/reconcile-record.ts';
import type { Act, RunSummary } from '#sweep/run-record.ts';

const now = instantFromIso('2026-11-21T12:00:00Z');
const dayMs = 86_400_000;
const within = (from: Instant, until: Instant): fc.Arbitrary<Instant> =>
  fc.integer({ min: from, max: until - 1 }).map(instantFromMs);

/** From an hour to eight years, so that every interval occurs. */
const span = fc
  .oneof(fc.integer({ min: 3_600_000, max: 70 * dayMs }), fc.integer({ min: 70 * dayMs, max: 3_000 * dayMs }))
  .map((lengthMs) => reportSpan({ from: instantFromMs(now - lengthMs) }, now));

const queriedIn = (from: Instant, until: Instant): fc.Arbitrary<QueriedOutcome> =>
  fc
    .record({
      outcome: fc.constantFrom(...outcomeKinds),
      ruleId: fc.constantFrom('a', 'b', 'c').map((id) => brandId<RuleId>(id)),
      policyHash: fc.constantFrom('1', '2').map((hash) => brandId<PolicyHash>(hash)),
      retainMetrics: fc.boolean(),
      recordedAt: within(from, until),
      reason: fc.constantFrom('held', 'changed', 'over_limit', 'server_error', null),
      listed: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ listed, ...changes }) => ({
      outcome: anOutcome(changes),
      confirmation: listed === undefined ? undefined : aConfirmation({ metricsRetained: listed }),
    }));

const summaryAround = (from: Instant, until: Instant): fc.Arbitrary<RunSummary> =>
  fc
    .record({
      startedAt: within(instantFromMs(from - 3 * dayMs), instantFromMs(until + dayMs)),
      trigger: fc.constantFrom(...runTriggers),
      stopReason: fc.constantFrom('done' as const, 'refused' as const, 'failures' as const),
      codes: fc.uniqueArray(fc.constantFrom('per_run' as const, 'not_approved' as const)),
      apiCalls: fc.nat(100),
      runId: fc.nat(9_999).map(runIdOf),
    })
    .map(({ codes, ...changes }) =>
      aSummary({
        ...changes,
        refusals: codes.map((code) => ({ code, setting: code, value: 1, limit: 2 })),
      }),
    );

const actAround = (from: Instant, until: Instant): fc.Arbitrary<Act> =>
  fc.record({
    workspaceId: fc.constant(workspaceId),
    kind: fc.constantFrom('approved' as const, 'hold_added' as const, 'paused' as const),
    at: within(instantFromMs(from - 3 * dayMs), instantFromMs(until + dayMs)),
    by: fc.constantFrom('one', 'another'),
    subject: fc.constant('workspace'),
    details: fc.constant({ reason: 'a secret of somebody' }),
  });

const reconciliationAround = (from: Instant, until: Instant): fc.Arbitrary<Reconciliation> =>
  fc
    .record({
      finishedAt: within(instantFromMs(from - 3 * dayMs), instantFromMs(until + dayMs)),
      confirmed: fc.nat(50),
      newElsewhere: fc.nat(5),
    })
    .map(({ finishedAt, confirmed, newElsewhere }) =>
      aReconciliation({
        finishedAt,
        change: { ...aReconciliation().change, confirmed, deleted_elsewhere: newElsewhere - 3 },
        newElsewhere,
      }),
    );

const world = span.chain((asked) =>
  fc.record({
    span: fc.constant(asked),
    outcomes: fc.array(queriedIn(asked.from, asked.until), { maxLength: 60 }),
    summaries: fc.array(summaryAround(asked.from, asked.until), { maxLength: 30 }),
    acts: fc.array(actAround(asked.from, asked.until), { maxLength: 20 }),
    reconciliations: fc.array(reconciliationAround(asked.from, asked.until), { maxLength: 10 }),
  }),
);

/** Counts as one would by hand: filter, and look how many are left. */
const tally = <Item>(items: readonly Item[], nameOf: (item: Item) => string): Record<string, number> =>
  Object.fromEntries(
    [...new Set(items.map(nameOf))].map((name) => [
      name,
      items.filter((item) => nameOf(item) === name).length,
    ]),
  );

describe('gatherFigures', () => {
  it('counts what a recount by hand counts, for every audit and span', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ span: asked, outcomes, summaries, acts, reconciliations }) => {
        const figures = await gatherFigures(
          {
            outcomes: streamOf(outcomes.toSorted((a, b) => a.outcome.recordedAt - b.outcome.recordedAt)),
            summaries: streamOf(summaries.toSorted((a, b) => b.startedAt - a.startedAt)),
            acts: streamOf(acts.toSorted((a, b) => a.at - b.at)),
            reconciliations: streamOf(reconciliations.toSorted((a, b) => b.finishedAt - a.finishedAt)),
            seals: { seals: streamOf([]), firstRecordDay: undefined },
            now: { at: now, holds: [], pause: undefined, openRun: undefined },
          },
          asked,
        );
        const records = outcomes.map(({ outcome }) => outcome);
        const deleted = outcomes.filter(({ outcome }) => outcome.outcome === 'deleted');
        const isWithin = (at: Instant): boolean => at >= asked.from && at < asked.until;

        const { byOutcome, byRule, metrics, deletedByInterval } = figures.outcomes;
        expect(figures.outcomes.records).toBe(records.length);
        for (const kind of outcomeKinds) {
          const ofKind = records.filter(({ outcome }) => outcome === kind);
          expect(byOutcome[kind]).toBe(ofKind.length);
          for (const rule of ['a', 'b', 'c']) {
            expect(byRule.get(rule)?.[kind] ?? 0).toBe(ofKind.filter(({ ruleId }) => ruleId === rule).length);
          }
        }
        expect(Object.fromEntries(figures.outcomes.keptByReason)).toEqual(
          tally(
            records.filter(({ outcome }) => outcome === 'kept'),
            ({ reason }) => reason ?? 'unknown',
          ),
        );
        expect(Object.fromEntries(figures.outcomes.failedByReason)).toEqual(
          tally(
            records.filter(({ outcome }) => outcome === 'failed'),
            ({ reason }) => reason ?? 'unknown',
          ),
        );
        for (const [asksToKeep, listed] of [
          [true, metrics.askedToKeep],
          [false, metrics.askedToRemove],
        ] as const) {
          const asking = deleted.filter(({ outcome }) => outcome.retainMetrics === asksToKeep);
          expect(listed).toEqual({
            kept: asking.filter(({ confirmation }) => confirmation?.metricsRetained === true).length,
            removed: asking.filter(({ confirmation }) => confirmation?.metricsRetained === false).length,
            notListed: asking.filter(({ confirmation }) => confirmation === undefined).length,
          });
        }
        const places = [...deletedByInterval].flatMap(([start, counts]) =>
          [...counts].map(([rule, count]) => [`${start} ${rule}`, count]),
        );
        expect(Object.fromEntries(places)).toEqual(
          tally(
            deleted,
            ({ outcome }) => `${intervalStart(outcome.recordedAt, asked.interval)} ${outcome.ruleId}`,
          ),
        );
        for (const [hash, use] of figures.outcomes.policies) {
          const under = records.filter(({ policyHash }) => policyHash === hash);
          expect(use).toEqual({
            records: under.length,
            deleted: under.filter(({ outcome }) => outcome === 'deleted').length,
            firstAt: Math.min(...under.map(({ recordedAt }) => recordedAt)),
            lastAt: Math.max(...under.map(({ recordedAt }) => recordedAt)),
          });
        }
        expect([...figures.outcomes.policies.keys()].toSorted()).toEqual(
          [...new Set(records.map(({ policyHash }) => policyHash))].toSorted(),
        );

        const runs = summaries.filter(({ startedAt }) => isWithin(startedAt));
        expect(figures.runs.total).toBe(runs.length);
        expect(figures.runs.apiCalls).toBe(runs.reduce((sum, { apiCalls }) => sum + apiCalls, 0));
        expect(Object.fromEntries(figures.runs.byTrigger)).toEqual(tally(runs, ({ trigger }) => trigger));
        expect(Object.fromEntries(figures.runs.byEnd)).toEqual(tally(runs, ({ stopReason }) => stopReason));
        for (const code of ['per_run', 'not_approved'] as const) {
          const refused = runs.filter(({ refusals }) => refusals.some((each) => each.code === code));
          expect(figures.runs.refusals.get(code)?.runs ?? 0).toBe(refused.length);
          if (refused.length > 0) {
            expect(figures.runs.refusals.get(code)?.lastAt).toBe(
              Math.max(...refused.map((run) => run.startedAt)),
            );
          }
        }

        const decisions = acts.filter(({ at }) => isWithin(at));
        expect(figures.acts.total).toBe(decisions.length);
        expect(Object.fromEntries(figures.acts.byKind)).toEqual(tally(decisions, ({ kind }) => kind));
        expect(figures.acts.newest.map(({ at }) => at)).toEqual(
          decisions.map(({ at }) => at).toSorted((a, b) => b - a),
        );
        expect(JSON.stringify(figures.acts)).not.toContain('secret');

        const compared = reconciliations.filter(({ finishedAt }) => isWithin(finishedAt));
        const before = reconciliations.filter(({ finishedAt }) => finishedAt < asked.until);
        expect(figures.reconciliations.total).toBe(compared.length);
        expect(figures.reconciliations.change.confirmed).toBe(
          compared.reduce((sum, { change }) => sum + change.confirmed, 0),
        );
        const told = compared.reduce((sum, { newElsewhere }) => sum + newElsewhere, 0);
        expect(figures.reconciliations.newElsewhere).toBe(told);
        const elsewhere = attentionOf(figures).filter(({ says }) => says.includes('did not delete'));
        expect(elsewhere).toHaveLength(told > 0 ? 1 : 0);
        expect(figures.reconciliations.newest?.finishedAt).toBe(
          before.length === 0 ? undefined : Math.max(...before.map(({ finishedAt }) => finishedAt)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('puts each day of the span where a look at its seal and the next one puts it', async () => {
    const dayAt = (daysAgo: number): string => dayText(instantFromMs(now - daysAgo * dayMs));
    const sealsOf = fc.uniqueArray(
      fc.record({ daysAgo: fc.nat(12), hour: fc.option(fc.nat(23), { nil: undefined }), size: fc.nat(9) }),
      { selector: ({ daysAgo }) => daysAgo },
    );
    await fc.assert(
      fc.asyncProperty(sealsOf, fc.nat(12), fc.nat(10), async (sealed, firstAgo, lastAgo) => {
        const seals = sealed.map(({ daysAgo, hour, size }) => ({
          day: dayAt(daysAgo),
          recordCount: size,
          lateCount: 0,
          keyId: 'k',
          until:
            hour === undefined ? undefined : instantFromMs(instantFromIso(dayAt(daysAgo)) + hour * 3_600_000),
        }));
        const sealOn = (day: string) => seals.find((seal) => seal.day === day);
        const asked = reportSpan(
          {
            from: instantFromIso(dayAt(lastAgo + 3)),
            to: instantFromMs(instantFromIso(dayAt(lastAgo)) + dayMs),
          },
          now,
        );
        const firstRecordDay = dayAt(firstAgo);
        const { seals: figures } = await gatherFigures(
          {
            outcomes: streamOf([]),
            summaries: streamOf([]),
            acts: streamOf([]),
            reconciliations: streamOf([]),
            seals: { seals: streamOf(seals.toSorted((a, b) => (a.day < b.day ? -1 : 1))), firstRecordDay },
            now: { at: now, holds: [], pause: undefined, openRun: undefined },
          },
          asked,
        );
        const places = [3, 2, 1, 0].map((more) => {
          const ago = lastAgo + more;
          const day = dayAt(ago);
          // It is noon: yesterday has not been over for a day.
          const isDue = ago >= 2;
          const seal = sealOn(day);
          if (seal !== undefined) {
            const isWhole = seal.until === undefined || (ago > 0 && sealOn(dayAt(ago - 1)) !== undefined);
            return { day, place: isWhole ? 'sealed' : 'partly', isDue: isWhole || isDue };
          }
          if (day < firstRecordDay) return { day, place: 'nothing', isDue: false };
          return { day, place: isDue ? 'unsealed' : 'not due', isDue };
        });
        const inPlace = (name: string): readonly string[] =>
          places.filter(({ place }) => place === name).map(({ day }) => day);
        expect(figures.sealed.map(({ day }) => day)).toEqual(inPlace('sealed'));
        expect(figures.partlySealed.map(({ day }) => day)).toEqual(inPlace('partly'));
        expect(figures.unsealed).toEqual(inPlace('unsealed'));
        expect(figures.notDue).toEqual(inPlace('not due'));
        expect(figures.withoutRecords).toEqual(inPlace('nothing'));
        expect(dueCount(figures)).toBe(places.filter(({ isDue }) => isDue).length);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the newest thousand runs and counts all of them', async () => {
    async function* manyRuns(): AsyncGenerator<RunSummary> {
      for (let number = 0; number < 1_500; number += 1) {
        yield aSummary({ runId: runIdOf(number), startedAt: instantFromMs(now - 1_000 - number) });
      }
    }
    const { runs } = await gatherFigures(
      {
        outcomes: streamOf([]),
        summaries: manyRuns(),
        acts: streamOf([]),
        reconciliations: streamOf([]),
        seals: { seals: streamOf([]), firstRecordDay: undefined },
        now: { at: now, holds: [], pause: undefined, openRun: undefined },
      },
      reportSpan({}, now),
    );
    expect(runs.total).toBe(1_500);
    expect(runs.newest).toHaveLength(1_000);
    expect(runs.newest[0]?.runId).toBe(runIdOf(0));
    expect(runs.newest.at(-1)?.runId).toBe(runIdOf(999));
  });
});
