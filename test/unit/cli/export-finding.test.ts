import { describe, expect, it } from 'vitest';
import { findingText } from '#cli/export/export-finding.ts';

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
