import { describe, expect, it } from 'vitest';
import { findingLines, findingText } from '#cli/export/export-finding.ts';

describe('findingText', () => {
  it('accuses nobody of a record that may only have come late', () => {
    const key = { pk: 'WS#w1#RUN#r1', sk: 'SUMMARY' };
    const record = { key, recordedAt: '2026-01-15T12:00:00.000Z' };
    const finding = { kind: 'added', day: '2026-01-15', path: 'records/2026-01-15.ndjson', record } as const;
    expect(findingText(finding)).toMatch(
      /^records\/2026-01-15\.ndjson: .*, is in no seal of the export: it came late, or somebody has added it\.$/,
    );
  });
});

describe('findingLines', () => {
  const missing = (day: string) => ({ kind: 'seal_missing', day }) as const;

  it('tells of days on end without a seal in one line, and of all others in their own', () => {
    const lines = findingLines([
      missing('2026-01-30'),
      missing('2026-01-31'),
      missing('2026-02-01'),
      missing('2026-02-03'),
      { kind: 'chain_broken', day: '2026-02-04' },
      missing('2026-02-05'),
      { kind: 'file_missing', path: 'records/2026-02-06.ndjson' },
      missing('2026-02-06'),
    ]);
    const alone = 'is not in the export, so that the records of the day are not proven.';
    expect(lines).toEqual([
      {
        text: '2026-01-30 to 2026-02-01: the seals of these days are not in the export, so that their records are not proven.',
        count: 3,
      },
      { text: `The seal of 2026-02-03 ${alone}`, count: 1 },
      { text: expect.stringContaining('does not follow the one before it'), count: 1 },
      { text: `The seal of 2026-02-05 ${alone}`, count: 1 },
      { text: 'records/2026-02-06.ndjson is missing.', count: 1 },
      { text: `The seal of 2026-02-06 ${alone}`, count: 1 },
    ]);
  });
});
