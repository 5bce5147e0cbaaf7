import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { attentionOf } from '#cli/report/attention.ts';
import { toFiguresDocument } from '#cli/report/figures-document.ts';
import { gatherFigures } from '#cli/report/gather-figures.ts';
import { reportPage } from '#cli/report/report-page.ts';
import { reportSpan } from '#cli/report/report-span.ts';
import { dueCount, type SealedDay } from '#cli/report/seal-figures.ts';
import { instantFromIso } from '#policy/instant.ts';
import { workspaceId } from '#support/audit-builders.ts';
import { demoPolicy } from '#support/report-demo.ts';
import { streamOf } from '#support/stream-of.ts';

const sealOf = (day: string, until?: string): SealedDay => ({
  day,
  recordCount: 50,
  lateCount: 0,
  keyId: 'k',
  until: until === undefined ? undefined : instantFromIso(`${day}T${until}Z`),
});

interface Asked {
  readonly from: string;
  readonly to?: string;
  readonly now: string;
}

async function sealFiguresOf(seals: readonly SealedDay[], { from, to, now: nowText }: Asked) {
  const now = instantFromIso(nowText);
  const span = reportSpan(
    { from: instantFromIso(from), to: to === undefined ? undefined : instantFromIso(to) },
    now,
  );
  return gatherFigures(
    {
      outcomes: streamOf([]),
      summaries: streamOf([]),
      acts: streamOf([]),
      reconciliations: streamOf([]),
      seals: { seals: streamOf(seals), firstRecordDay: from.slice(0, 10) },
      now: { at: now, holds: [], pause: undefined, openRun: undefined },
    },
    span,
  );
}

type Figures = Awaited<ReturnType<typeof sealFiguresOf>>;

function shownIn(figures: Figures) {
  const { policy, hash: policyHash } = demoPolicy;
  const { document } = parseHTML(reportPage({ workspaceId, policy, policyHash }, figures));
  const textOf = (selector: string): string => document.querySelector(selector)!.textContent;
  return {
    card: textOf('[data-figure=sealed]'),
    note: document.querySelector('[data-figure=sealed]')!.nextElementSibling.textContent,
    section: textOf('#seals').replaceAll(/\s+/g, ' '),
    days: [...document.querySelectorAll('#seals-table tbody th')].map((cell) => cell.textContent),
  };
}

describe('a day that was sealed while it went on', () => {
  const today = { from: '2026-11-21T00:00:00Z', now: '2026-11-21T20:00:00Z' };

  it('is neither sealed nor due, and the report says up to when it is sealed', async () => {
    const figures = await sealFiguresOf([sealOf('2026-11-21', '18:22:07')], today);
    const { sealed, partlySealed, unsealed, notDue } = figures.seals;
    expect([sealed, unsealed, notDue]).toEqual([[], [], []]);
    expect(partlySealed).toEqual([
      expect.objectContaining({
        day: '2026-11-21',
        until: instantFromIso('2026-11-21T18:22:07Z'),
        isDue: false,
      }),
    ]);
    expect(dueCount(figures.seals)).toBe(0);

    const shown = shownIn(figures);
    expect(shown.card).toBe('0');
    expect(shown.note).toBe('none is due yet; 21 Nov 2026 only up to 18:22');
    expect(shown.section).toContain('0 days are sealed, with 0 records.');
    expect(shown.section).toContain(
      '21 Nov 2026 is sealed only up to 18:22, with 50 records: it was sealed while it went on. What came after goes into the seal of the next day.',
    );
    expect(shown.section).not.toContain('No day that is due is without a seal');
    expect(shown.days).toEqual(['21 Nov 2026, up to 18:22']);
    expect(toFiguresDocument(workspaceId, figures).seals).toMatchObject({
      sealed: [],
      partly_sealed: [
        {
          day: '2026-11-21',
          sealed_until: '2026-11-21T18:22:07.000Z',
          records: 50,
          late_records: 0,
          key_id: 'k',
        },
      ],
      unsealed: [],
      not_due: [],
    });
  });

  it('stands beside the days that are sealed, and does not count with them', async () => {
    const figures = await sealFiguresOf([sealOf('2026-11-20'), sealOf('2026-11-21', '18:22:07')], {
      ...today,
      from: '2026-11-20T00:00:00Z',
    });
    expect(figures.seals.sealed.map(({ day }) => day)).toEqual(['2026-11-20']);
    const shown = shownIn(figures);
    expect([shown.card, shown.note]).toEqual(['1', 'of 1 day that is due; 21 Nov 2026 only up to 18:22']);
    expect(shown.section).toContain('1 day is sealed, with 50 records.');
    expect(shown.section).toContain('No day that is due is without a seal.');
    expect(shown.days).toEqual(['20 Nov 2026', '21 Nov 2026, up to 18:22']);
  });

  it('is sealed to its end by the seal of the next day, also where that day is not in the report', async () => {
    const seals = [sealOf('2026-11-20', '18:22:07'), sealOf('2026-11-21', '09:00:00')];
    for (const to of [undefined, '2026-11-21T00:00:00Z']) {
      const figures = await sealFiguresOf(seals, {
        ...today,
        from: '2026-11-20T00:00:00Z',
        ...(to && { to }),
      });
      expect(figures.seals.sealed.map(({ day }) => day)).toEqual(['2026-11-20']);
      expect(figures.seals.partlySealed.map(({ day }) => day)).toEqual(
        to === undefined ? ['2026-11-21'] : [],
      );
    }
  });

  it('is due, and asks for attention, when it has been over for a day and no seal has the rest', async () => {
    const seals = [sealOf('2026-11-20', '18:22:07')];
    const at = (now: string) =>
      sealFiguresOf(seals, { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', now });
    const before = await at('2026-11-21T23:59:59Z');
    expect([before.seals.partlySealed[0]?.isDue, dueCount(before.seals)]).toEqual([false, 0]);
    const figures = await at('2026-11-22T00:00:00Z');
    expect([figures.seals.partlySealed[0]?.isDue, dueCount(figures.seals)]).toEqual([true, 1]);

    const says = '1 day was sealed while it went on, and what came after is not sealed.';
    const saying = (each: Figures) =>
      attentionOf(each).filter(({ section, says: text }) => section === 'seals' && text === says);
    expect([saying(before).length, saying(figures).length]).toEqual([0, 1]);
    const shown = shownIn(figures);
    expect([shown.card, shown.note]).toEqual(['0', 'of 1 day that is due; 20 Nov 2026 only up to 18:22']);
    expect(shown.section).toContain('the seal of the next day, which should be there by now.');
    expect(shown.section).not.toContain('No day that is due is without a seal.');
  });
});
