import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { toFiguresDocument } from '#cli/report/figures-document.ts';
import { gatherFigures, type ReportSource } from '#cli/report/gather-figures.ts';
import { reportPage } from '#cli/report/report-page.ts';
import { reportSpan } from '#cli/report/report-span.ts';
import { brandId, type RuleId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import {
  aConfirmation,
  anOutcome,
  aReconciliation,
  aSummary,
  runIdOf,
  workspaceId,
} from '#support/audit-builders.ts';
import { demoNow, demoPolicy, demoSource } from '#support/report-demo.ts';
import { streamOf } from '#support/stream-of.ts';
import { noClasses } from '#sweep/reconcile-record.ts';

const hostile = `</script><img src=x onerror=alert(1)>"'&`;

const emptySource = (): ReportSource => ({
  outcomes: streamOf([]),
  summaries: streamOf([]),
  acts: streamOf([]),
  reconciliations: streamOf([]),
  seals: { seals: streamOf([]), firstRecordDay: undefined },
  now: { at: demoNow, holds: [], pause: undefined, openRun: undefined },
});

async function pageOf(source: Partial<ReportSource>, from?: Instant, policy = demoPolicy) {
  const span = reportSpan({ from }, demoNow);
  const figures = await gatherFigures({ ...emptySource(), ...source }, span);
  const text = reportPage({ workspaceId, policy: policy.policy, policyHash: policy.hash }, figures);
  const { document } = parseHTML(text);
  return { figures, text, document };
}

interface Searchable {
  querySelector(selector: string): { readonly textContent: string } | null;
}

const figureOf = (document: Searchable, name: string): string =>
  document.querySelector(`[data-figure="${name}"]`)!.textContent;

describe('reportPage', () => {
  it('shows the figures that were gathered, with commas between the thousands', async () => {
    const span = reportSpan({}, demoNow);
    const { figures, document } = await pageOf(demoSource(span));
    const { byOutcome, byRule } = figures.outcomes;
    expect(byOutcome.deleted).toBeGreaterThan(10_000);
    expect(figureOf(document, 'deleted')).toBe(byOutcome.deleted.toLocaleString('en-US'));
    expect(figureOf(document, 'kept')).toBe(byOutcome.kept.toLocaleString('en-US'));
    const rows = [...document.querySelectorAll('#rules-table tbody tr')];
    const deletedOf = rows.map((row) => [
      row.querySelector('th code')!.textContent,
      Number(row.querySelectorAll('td.number')[0]!.textContent.replaceAll(',', '')),
    ]);
    expect(Object.fromEntries(deletedOf)).toEqual(
      Object.fromEntries([...byRule].map(([rule, { deleted }]) => [rule, deleted])),
    );
    const perDay = [...document.querySelectorAll('#deletions-table tbody tr td:last-child')].map((cell) =>
      Number(cell.textContent.replaceAll(',', '')),
    );
    expect(perDay).toHaveLength(30);
    expect(perDay.reduce((sum, count) => sum + count, 0)).toBe(byOutcome.deleted);
  });

  it('is one file: it names no other address, loads nothing, and lets no script run but its own', async () => {
    const { text, document } = await pageOf(demoSource(reportSpan({}, demoNow)));
    expect(text).not.toMatch(/(src|href)="(?!#)/);
    expect(text).not.toMatch(/url\((?!#)|@import|https?:/);
    expect(document.querySelectorAll('script').length).toBe(1);
    const security = document
      .querySelector('meta[http-equiv=Content-Security-Policy]')!
      .getAttribute('content');
    expect(security).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]+';/);
  });

  it('lets no text become markup: of a rule, a hold, a person, a code of Intercom', async () => {
    const parsed = parsePolicy(
      JSON.stringify({
        version: 1,
        workspace: workspaceId,
        rules: [
          {
            id: 'a',
            description: hostile,
            legal_basis: hostile,
            when: { state: 'closed' },
            retain_metrics: true,
          },
        ],
      }),
    );
    if (!parsed.ok) throw new Error('the policy is valid');
    const ruleId = brandId<RuleId>(hostile); // no policy lets it through, and the page must not rely on that
    const { text, document } = await pageOf(
      {
        outcomes: streamOf([
          { outcome: anOutcome({ ruleId, recordedAt: demoNow }), confirmation: undefined },
          {
            outcome: anOutcome({ ruleId, outcome: 'failed', reason: hostile, recordedAt: demoNow }),
            confirmation: undefined,
          },
          {
            outcome: anOutcome({ ruleId, outcome: 'kept', reason: hostile, recordedAt: demoNow }),
            confirmation: undefined,
          },
        ]),
        acts: streamOf([
          {
            workspaceId,
            kind: 'hold_added' as const,
            at: instantFromMs(demoNow - 1),
            by: hostile,
            subject: hostile,
            details: {},
          },
        ]),
        now: {
          at: demoNow,
          holds: [
            {
              target: 'tag',
              targetId: hostile,
              matter: hostile,
              owner: hostile,
              reason: '',
              placedAt: demoNow,
            },
          ],
          pause: { by: hostile, reason: hostile, at: demoNow },
          openRun: { runId: brandId(hostile), startedAt: demoNow },
        },
      },
      undefined,
      parsed,
    );
    expect(document.querySelectorAll('img').length).toBe(0);
    expect(document.querySelectorAll('script').length).toBe(1);
    expect(text.match(/<img/g)).toBeNull();
    expect(document.querySelector('#rules-table')!.textContent).toContain(hostile);
    expect(document.querySelector('#holds-table')!.textContent).toContain(hostile);
    expect(document.querySelector('.legend')!.textContent).toContain(hostile);
  });

  it('leaves out what people typed as their reasons', async () => {
    const secret = 'because of Jane Doe';
    const { text, figures } = await pageOf({
      acts: streamOf([
        {
          workspaceId,
          kind: 'paused' as const,
          at: instantFromMs(demoNow - 1),
          by: 'on-call',
          subject: 'x',
          details: { reason: secret },
        },
      ]),
      now: {
        at: demoNow,
        holds: [
          {
            target: 'tag',
            targetId: '1',
            matter: 'claim 7',
            owner: 'legal',
            reason: secret,
            placedAt: demoNow,
          },
        ],
        pause: { by: 'on-call', reason: secret, at: demoNow },
        openRun: undefined,
      },
    });
    expect(figures.acts.total).toBe(1);
    expect(text).not.toContain('Jane');
    expect(JSON.stringify(toFiguresDocument(workspaceId, figures))).not.toContain('Jane');
  });

  it('says that nothing asks for attention when nothing does, and each thing that does', async () => {
    const seals = { seals: streamOf([]), firstRecordDay: undefined };
    const compared = aReconciliation({
      finishedAt: instantFromMs(demoNow - 3_600_000),
      listReadAt: instantFromMs(demoNow - 3_600_000),
      change: noClasses,
      newElsewhere: 0,
    });
    const calm = await pageOf({
      summaries: streamOf([aSummary({ startedAt: instantFromMs(demoNow - 1) })]),
      reconciliations: streamOf([compared]),
      seals,
    });
    expect(calm.document.querySelector('#headline .notice')!.textContent).toContain(
      'Nothing in this report asks',
    );

    const idle = await pageOf({});
    expect(idle.document.querySelector('#headline .notice')!.textContent).toContain(
      'No run began in this time.',
    );
    expect(idle.document.querySelectorAll('.plot').length).toBe(0);

    const { document } = await pageOf({
      outcomes: streamOf([
        { outcome: anOutcome({ outcome: 'unresolved', recordedAt: demoNow }), confirmation: undefined },
        {
          outcome: anOutcome({ recordedAt: demoNow, retainMetrics: false }),
          confirmation: aConfirmation({ metricsRetained: true }),
        },
      ]),
      summaries: streamOf([aSummary({ startedAt: instantFromMs(demoNow - 1), stopReason: 'failures' })]),
      seals: { seals: streamOf([]), firstRecordDay: '2026-11-10' },
      now: {
        ...emptySource().now,
        openRun: { runId: runIdOf(7), startedAt: instantFromMs(demoNow - 2 * 86_400_000) },
      },
    });
    const items = [...document.querySelectorAll('#headline .notice li')].map((item) => item.textContent);
    expect(items).toEqual([
      'Intercom treated the reporting metrics of 1 conversation otherwise than asked.',
      'The records of 10 days are not sealed.',
      "The answer to 1 deletion was lost, and Intercom's list has not shown yet whether it took place.",
      '1 run stopped before the end, since too many deletions failed.',
      'A run began more than a day before this report was made and has not ended.',
      "Intercom's own list has not been read to its end yet, so not all can be confirmed.",
    ]);
    for (const link of document.querySelectorAll('#headline .notice a')) {
      expect(document.querySelector(link.getAttribute('href'))).not.toBeNull();
    }
  });

  it('stays readable with fifty rules over two years: a column a month, seven rules and the others together', async () => {
    const outcomes = Array.from({ length: 5_000 }, (_, n) => ({
      outcome: anOutcome({
        ruleId: brandId(`rule-${n % 50 < n % 7 ? n % 7 : n % 50}`),
        recordedAt: instantFromMs(demoNow - 730 * 86_400_000 + n * 12_600_000),
      }),
      confirmation: undefined,
    }));
    const { document, figures } = await pageOf(
      { outcomes: streamOf(outcomes) },
      instantFromMs(demoNow - 731 * 86_400_000),
    );
    expect(document.querySelectorAll('#deletions-table thead th').length).toBe(1 + 8 + 1);
    expect(document.querySelectorAll('#deletions-table tbody tr').length).toBe(25);
    expect(document.querySelectorAll('#deletions-chart .wide .edge rect').length).toBeLessThan(25 * 8 + 1);
    const largest = [...figures.outcomes.byRule]
      .toSorted(([, a], [, b]) => b.deleted - a.deleted)
      .map(([rule]) => rule)
      .slice(0, 7);
    const heads = [...document.querySelectorAll('#deletions-table thead th')].map((head) => head.textContent);
    expect(heads).toEqual(['Month', ...largest, '43 other rules', 'All']);
    const cells = [...document.querySelectorAll('#deletions-table tfoot td')].map((cell) =>
      Number(cell.textContent.replaceAll(',', '')),
    );
    expect(cells.at(-1)).toBe(5_000);
    expect(cells.slice(0, -1).reduce((sum, count) => sum + count, 0)).toBe(5_000);
    expect(document.querySelectorAll('#rules-table tbody tr').length).toBe(
      50 + demoPolicy.policy.rules.length,
    );
  });

  it('says of each day of its time whether it is sealed', async () => {
    const { figures } = await pageOf({
      seals: {
        seals: streamOf(
          ['2026-11-12', '2026-11-13', '2026-11-15'].map((day) => ({
            day,
            recordCount: 3,
            lateCount: 0,
            keyId: 'k',
          })),
        ),
        firstRecordDay: '2026-11-11',
      },
    });
    const { sealed, unsealed, notDue, withoutRecords } = figures.seals;
    expect(sealed.map(({ day }) => day)).toEqual(['2026-11-12', '2026-11-13', '2026-11-15']);
    expect(unsealed).toEqual([
      '2026-11-11',
      '2026-11-14',
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
    ]);
    expect(notDue).toEqual(['2026-11-20', '2026-11-21']);
    expect(withoutRecords).toHaveLength(19);
  });
});
