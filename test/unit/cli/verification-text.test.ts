import { describe, expect, it } from 'vitest';
import { intentKey } from '#audit/keys.ts';
import { verifiedDayText } from '#cli/verification-text.ts';
import { brandId, type RunId, type WorkspaceId } from '#policy/ids.ts';
import type { UtcDay } from '#seal/utc-day.ts';

const day = '2026-01-15' as UtcDay;
const key = intentKey(brandId<WorkspaceId>('w1'), brandId<RunId>('r1'), 3);

const told = (kind: 'reordered' | 'added'): string =>
  verifiedDayText({
    day,
    findings: [{ kind, day, record: { key, recordedAt: '2026-01-15T12:00:00.000Z' } }],
    recordCount: 1,
    unsealedCount: 0,
  } as unknown as Parameters<typeof verifiedDayText>[0]);

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
