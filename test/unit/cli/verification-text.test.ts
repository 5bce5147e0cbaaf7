import { describe, expect, it } from 'vitest';
import { intentKey } from '#audit/keys.ts';
import { verificationOf } from '#cli/verification.ts';
import { toVerificationDocument } from '#cli/verification-document.ts';
import { tableFindingsText, verificationText, verifiedDayText } from '#cli/verification-text.ts';
import { brandId, type RunId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import type { Seal } from '#seal/seal.ts';
import type { UtcDay } from '#seal/utc-day.ts';
import type { VerifiedDay } from '#seal/verify-seals.ts';

const day = '2026-01-15' as UtcDay;
const key = intentKey(brandId<WorkspaceId>('w1'), brandId<RunId>('r1'), 3);

const told = (kind: 'reordered' | 'added'): string =>
  verifiedDayText({
    day,
    findings: [{ kind, day, record: { key, recordedAt: '2026-01-15T12:00:00.000Z' } }],
    recordCount: 1,
    unsealedCount: 0,
  } as unknown as Parameters<typeof verifiedDayText>[0]);

const sealed = { first: day, last: '2026-01-20' as UtcDay };
const facts = {
  workspaceId: brandId<WorkspaceId>('w1'),
  isLive: true,
  lastDue: sealed.last,
  trustedKeys: [],
  sealed,
  table: undefined,
};

const lateDay = (count: number): VerifiedDay => ({
  day,
  header: undefined,
  seal: undefined,
  signedBy: undefined,
  findings: [],
  recordCount: count,
  unsealedCount: 0,
  cameLate: Array.from({ length: count }, (_, number) => ({
    key: intentKey(brandId<WorkspaceId>('w1'), brandId<RunId>('r1'), number),
    recordedAt: '2026-01-15T12:00:00.000Z',
    hash: new Uint8Array(32),
    sealedWith: '2026-01-17' as UtcDay,
  })),
});

describe('verificationText', () => {
  const text = (count: number): string => verificationText(verificationOf([lateDay(count)], facts));

  it('tells of each late record its own day and the seal that it went into, though everything fits', () => {
    expect(text(2).split('\n').slice(1, 5)).toEqual([
      'Everything is as it was sealed.',
      'Came late: 2 records came when the day had been sealed, and went into a later seal. A record that somebody has added looks the same, so look whether you expect them:',
      '  2026-01-15: intent 000000 of run r1, recorded at 2026-01-15T12:00:00.000Z, sealed with 2026-01-17.',
      '  2026-01-15: intent 000001 of run r1, recorded at 2026-01-15T12:00:00.000Z, sealed with 2026-01-17.',
    ]);
  });

  it('counts late records that are too many to be read, and says where they all are', () => {
    const lines = text(1_025).split('\n');
    expect(lines.filter((line) => line.includes('sealed with 2026-01-17'))).toHaveLength(20);
    expect(lines).toContain('  and 1,005 more; "--json" lists them all');
    expect(toVerificationDocument(verificationOf([lateDay(1_025)], facts)).days[0]?.came_late).toHaveLength(
      1_025,
    );
  });

  it('counts the rest of days that were sealed as they stood, and lists what was dated before that or sealed still later', () => {
    const until = instantFromIso('2026-01-15T12:00:00.000Z');
    const runningDay = (leaves: readonly (readonly [string, string])[]): VerifiedDay => ({
      ...lateDay(0),
      seal: { day, until } as unknown as Seal,
      cameLate: leaves.map(([time, sealedWith], number) => ({
        key: intentKey(brandId<WorkspaceId>('w1'), brandId<RunId>('r1'), number),
        recordedAt: `2026-01-15T${time}Z`,
        hash: new Uint8Array(32),
        sealedWith: sealedWith as UtcDay,
      })),
    });
    const rest = Array.from({ length: 40 }, () => ['12:00:00.000', '2026-01-16'] as const);
    const lines = (...leaves: Parameters<typeof runningDay>[0]) =>
      verificationText(verificationOf([runningDay([...rest, ...leaves])], facts)).split('\n');
    const count = 'Sealed with the next day: 40 records, the rest of a day that was sealed while it went on.';
    expect(lines()[2]).toBe(count);
    expect(lines().join()).not.toContain('Came late');
    const odd = lines(['11:59:59.999', '2026-01-16'], ['12:00:00.001', '2026-01-17']);
    expect(odd[2]).toBe(count);
    expect(odd[3]).toMatch(/^Came late: 2 records came /);
    expect(odd.slice(4, 6)).toEqual([
      '  2026-01-15: intent 000040 of run r1, recorded at 2026-01-15T11:59:59.999Z, sealed with 2026-01-16.',
      '  2026-01-15: intent 000041 of run r1, recorded at 2026-01-15T12:00:00.001Z, sealed with 2026-01-17.',
    ]);
  });

  it('says nothing of late records where there is none', () => {
    expect(text(0)).not.toContain('late');
  });
});

describe('verificationText of a whole table', () => {
  const table = { itemCount: 2, unlisted: [], misplaced: [], beforeSealsCount: 0, afterSealsCount: 0 };

  it.each([
    ['says of each item that it has its place where nothing was named', [], 'each'],
    ['leaves out what a day has named', [{ kind: 'leaf_list_altered', day } as const], 'each other one'],
  ])('%s', (_, findings, which) => {
    const days = [{ ...lateDay(0), findings }];
    expect(verificationText(verificationOf(days, { ...facts, table }))).toContain(
      `The whole table was read: 2 items of the workspace, ${which} in the list of its day or among the seals.`,
    );
  });
});

describe('tableFindingsText', () => {
  it('names a misplaced item with the day in whose list it stands', () => {
    const item = {
      key,
      kind: 'intent',
      recordedAt: undefined,
      place: { kind: 'journal', day: '2027-01-01' as UtcDay },
    } as const;
    const table = { itemCount: 1, unlisted: [], misplaced: [item], beforeSealsCount: 0, afterSealsCount: 1 };
    expect(tableFindingsText(table)).toBe(
      `In a day that is not theirs:\n  misplaced: intent 000003 of run r1, without a time of recording, stands in the list of 2027-01-01, which is not its own day or has not begun; no seal has it yet (${key.pk} / ${key.sk}).`,
    );
    const verification = verificationOf([lateDay(0)], { ...facts, table });
    expect(verification.fits).toBe(false);
    expect(verificationText(verification)).toContain('Not everything is as it was sealed: 1 misplaced.');
    expect(toVerificationDocument(verification)).toMatchObject({
      finding_counts: { unlisted: 0, misplaced: 1 },
      whole_table: { findings: [{ kind: 'misplaced', day: '2027-01-01', record: { ...key } }] },
    });
  });
});

describe('verifiedDayText', () => {
  it('does not claim of a record in another place that it says what was sealed', () => {
    expect(told('reordered')).toMatch(
      /, does not stand in its own place in the journal; look whether it still says what it said\.$/,
    );
  });

  it('says of a record in no seal how far back the next seal looks for it', () => {
    expect(told('added')).toMatch(
      /, is in no seal; if it only came late, the next "retention audit seal" takes it in \(up to three days back, further with --look-back\)\.$/,
    );
  });
});
