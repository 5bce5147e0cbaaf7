import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { gatherPlanFigures, type PlanFigures } from '#cli/report/plan-figures.ts';
import { planPage } from '#cli/report/plan-page.ts';
import { brandId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import {
  aDeletion,
  aFactsRecord,
  aPlan,
  aRun,
  conversationIdOf,
  workspaceId,
} from '#support/audit-builders.ts';
import { demoNow, demoPlan, demoPlanChunks, demoPolicy, demoPreviousPlan } from '#support/report-demo.ts';
import { streamOf } from '#support/stream-of.ts';
import type { PlannedDeletion } from '#sweep/outcome.ts';
import type { PlanRecord, RunRecord } from '#sweep/run-record.ts';

const subject = {
  policy: demoPolicy.policy,
  present: demoPolicy.policy,
  policyHash: demoPolicy.hash,
  madeAt: demoNow,
};

const planOf = (byRule: Readonly<Record<string, number>>, changes: Partial<PlanRecord> = {}): PlanRecord =>
  aPlan({ status: 'planned', asOf: instantFromIso('2026-11-21T00:00:00Z'), byRule, ...changes });

const silentSince = (number: number, updatedAt: string | undefined): PlannedDeletion =>
  aDeletion(number, {
    ruleId: brandId('a'),
    facts: aFactsRecord({ updatedAt: updatedAt === undefined ? undefined : instantFromIso(updatedAt) }),
  });

const gather = (
  plan: PlanRecord,
  previous: PlanRecord | undefined,
  deletions: readonly PlannedDeletion[] = [],
): Promise<PlanFigures> =>
  gatherPlanFigures(
    { plan, previous, approval: undefined },
    streamOf([{ workspaceId, planId: plan.planId, chunkNumber: 0, deletions }]),
  );

describe('gatherPlanFigures', () => {
  it('counts by how long a conversation has been silent, on the calendar', async () => {
    const { bySilence } = await gather(planOf({ a: 7 }), undefined, [
      silentSince(1, '2026-08-21T00:00:01Z'),
      silentSince(2, '2026-08-21T00:00:00Z'),
      silentSince(3, '2025-11-21T00:00:00Z'),
      silentSince(4, '2024-11-20T23:59:59Z'),
      silentSince(5, '2023-11-21T00:00:00Z'),
      silentSince(6, '2021-11-21T00:00:00Z'),
      silentSince(7, undefined),
    ]);
    expect(Object.fromEntries(bySilence.get('a') ?? [])).toEqual({
      'up to 3 months': 1,
      '3 to 12 months': 1,
      '1 to 2 years': 1,
      '2 to 3 years': 1,
      '3 to 5 years': 1,
      'more than 5 years': 1,
      unknown: 1,
    });
  });

  it('samples of each rule the three with the latest activity, and first what is not known to be old', async () => {
    const { sample } = await gather(planOf({ a: 5 }), undefined, [
      silentSince(1, '2020-01-01T00:00:00Z'),
      silentSince(2, '2024-01-01T00:00:00Z'),
      silentSince(3, undefined),
      silentSince(4, '2023-01-01T00:00:00Z'),
      silentSince(5, '2022-01-01T00:00:00Z'),
    ]);
    expect(sample.map(({ conversationId }) => conversationId)).toEqual([3, 2, 4].map(conversationIdOf));
  });

  it('puts the rules first that match at least twice what they did, the largest surprise before the others', async () => {
    const now = planOf({ steady: 5_000, doubled: 3_000, new: 40, rare: 9, many: 2_000, fewer: 10 });
    const { rules } = await gather(
      now,
      planOf({ steady: 4_900, doubled: 1_500, rare: 1, many: 200, fewer: 300 }),
    );
    expect(rules.map(({ ruleId, isSurprise }) => [ruleId, isSurprise])).toEqual([
      ['many', true],
      ['doubled', true],
      ['new', true],
      ['steady', false],
      ['fewer', false],
      ['rare', false],
    ]);
  });

  it('is surprised by nothing when there is no plan to compare with', async () => {
    const { rules } = await gather(planOf({ a: 1_000 }), undefined);
    expect(rules).toEqual([{ ruleId: 'a', count: 1_000, before: undefined, isSurprise: false }]);
  });
});

describe('planPage', () => {
  const gathered = gatherPlanFigures(
    { plan: demoPlan, previous: demoPreviousPlan, approval: undefined },
    demoPlanChunks(),
  );

  it('says in words why the plan may not be carried out, what is surprising, and what it costs', async () => {
    const { document } = parseHTML(planPage(subject, await gathered));
    const textOf = (selector: string): string => document.querySelector(selector)!.textContent;
    expect(textOf('[data-figure=candidates]')).toBe('4,118');
    expect(textOf('#gate .notice')).toContain('No, as it was when the plan was made.');
    expect(textOf('#gate .notice')).toContain('Nobody had approved it.');
    expect(textOf('#gate .notice')).toContain(
      'It would delete 4,118 conversations, and one run may delete 2,000.',
    );
    expect(textOf('#rules .notice')).toContain('closed-two-years: 2,911 now, 257 then');
    expect(textOf('#rules .notice')).not.toContain('unanswered-outbound');
    expect(textOf('#cost')).toContain('4,118 to 8,236 calls');
    expect(textOf('#cost')).toContain('at most about 1 min 2 s');
    expect(textOf('#kept-table')).toContain('371');
    const sums = [...document.querySelectorAll('#silence-table tbody td:last-child')].map(
      (cell) => cell.textContent,
    );
    expect(sums).toEqual(['2,911', '1,054', '131', '22']);
    expect(document.querySelectorAll('#sample-table tbody tr').length).toBe(12);
  });

  const approval = {
    workspaceId,
    planId: demoPlan.planId,
    policyHash: demoPolicy.hash,
    covers: 'policy' as const,
    approvedBy: '<privacy>',
    approvedAt: demoNow,
  };

  it('says who approved it', async () => {
    const plan = { ...demoPlan, gate: { allowed: true, refusals: [] } };
    const text = planPage(subject, { ...(await gathered), plan, approval });
    const gate = parseHTML(text).document.querySelector('#gate .notice')!.textContent;
    expect(gate).toContain('Yes.');
    expect(gate).toContain(
      'Approved by <privacy> on 21 Nov 2026, 06:30, together with later plans of the same policy.',
    );
  });

  async function carriedOutBy(run: RunRecord | undefined) {
    const plan = { ...demoPlan, status: 'applied' as const, appliedBy: aRun().runId };
    const { document } = parseHTML(planPage(subject, { ...(await gathered), plan, approval, run }));
    const textOf = (selector: string): string =>
      document.querySelector(selector)!.textContent.replaceAll(/\s+/g, ' ');
    return { document, textOf };
  }

  const applyingRun = aRun({
    startedAt: instantFromIso('2026-11-21T06:10:00Z'),
    phase: 'applying',
    intended: 4_118,
    counts: { deleted: 4_100, not_found: 9, unresolved: 2, failed: 3, kept: 4 },
  });
  const endedRun = {
    ...applyingRun,
    phase: 'finished' as const,
    finishedAt: instantFromIso('2026-11-21T06:12:30Z'),
    stopReason: 'done' as const,
  };

  it('opens with what became of it when it has been carried out: when, by which run, and how many', async () => {
    const { document, textOf } = await carriedOutBy(endedRun);
    expect(textOf('#gate h2')).toBe('What became of it');
    const box = textOf('#gate .notice.calm');
    expect(box).toContain(
      `It has been carried out on 21 Nov 2026, 06:12, by the run ${endedRun.runId}. 4,100 conversations were deleted.`,
    );
    expect(box).toContain('Already gone: 9. Answer lost: 2. Failed: 3. Spared: 4.');
    expect(box).toContain('Approved by <privacy>');
    for (const stale of [
      'May it be carried out?',
      'Nobody had approved it',
      'Nothing has been deleted',
      'Not tried',
    ]) {
      expect(document.body.textContent).not.toContain(stale);
    }
    expect(document.querySelector('#cost')).toBeNull();
  });

  it('says that a part of it has been carried out: by a run that has not ended, stopped early, or was limited', async () => {
    const paused = await carriedOutBy({
      ...applyingRun,
      stopReason: 'paused',
      counts: { deleted: 100, not_found: 0, unresolved: 0, failed: 0, kept: 0 },
    });
    expect(paused.textOf('#gate .notice:not(.calm)')).toContain(
      `A part of it has been carried out: the run ${applyingRun.runId} began on 21 Nov 2026, 06:10 and has not ended (stopped: deletion switched off). 100 conversations were deleted. Not tried: 4,018.`,
    );

    const failed = await carriedOutBy({ ...endedRun, stopReason: 'failures' });
    expect(failed.textOf('#gate .notice:not(.calm)')).toContain(
      `A part of it has been carried out on 21 Nov 2026, 06:12, by the run ${endedRun.runId} (stopped: too many failures).`,
    );

    const trimmed = await carriedOutBy({
      ...endedRun,
      intended: 2_000,
      counts: { deleted: 2_000, not_found: 0, unresolved: 0, failed: 0, kept: 0 },
    });
    expect(trimmed.textOf('#gate .notice:not(.calm)')).toContain(
      'The limits of the policy let it try 2,000 of the 4,118.',
    );
  });

  it('names the run that began to carry it out when no more is known of that', async () => {
    const { textOf } = await carriedOutBy(undefined);
    expect(textOf('#gate .notice')).toContain(
      `A run began to carry it out: ${aRun().runId}. How far it came is not known here.`,
    );
  });

  it('says of a plan that was given up that it cannot be carried out any more', async () => {
    const figures = { ...(await gathered), plan: { ...demoPlan, status: 'abandoned' as const } };
    const gate = parseHTML(planPage(subject, figures)).document.querySelector('#gate .notice')!.textContent;
    expect(gate).toBe('No. It was given up, and cannot be carried out any more.');
  });

  it('shows an incomplete plan as one that nothing was decided on', async () => {
    const figures = await gather(planOf({}, { status: 'planning', candidates: 0 }), undefined);
    const { document } = parseHTML(planPage({ ...subject, policy: undefined }, figures));
    expect(document.querySelector('#gate .notice')!.textContent).toContain('not complete yet');
    expect(document.querySelector('#silence-chart')).toBeNull();
  });

  it('names each conversation of an erased contact that stays', async () => {
    const erasure = {
      contactId: brandId<NonNullable<PlanRecord['erasure']>['contactId']>('6762f0f3'),
      retainMetrics: false,
      kept: [{ conversationId: conversationIdOf(9), reason: 'held' as const, detail: '<b>claim 7</b>' }],
    };
    const figures = await gather(planOf({ erasure: 1 }, { erasure }), undefined);
    const { document } = parseHTML(planPage(subject, figures));
    expect(document.querySelector('h1')!.textContent).toBe('Erasure plan');
    expect(document.querySelector('#kept-by-name-table tbody')!.textContent).toContain('<b>claim 7</b>');
  });

  it('draws two dozen bars at most, and adds the other rules up', async () => {
    const byRule = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`rule-${n}`, 50 - n]));
    const deletions = Object.entries(byRule).flatMap(([ruleId, count]) =>
      Array.from({ length: count }, (_, n) => aDeletion(n, { ruleId: brandId(ruleId) })),
    );
    const figures = await gather(planOf(byRule, { candidates: deletions.length }), undefined, deletions);
    const { document } = parseHTML(planPage(subject, figures));
    expect(document.querySelector('#silence-chart .wide')!.textContent).toContain('27 other rules');
    expect(document.querySelectorAll('#silence-table tbody tr').length).toBe(50);
  });
});
