import { describe, expect, it } from 'vitest';
import { tellVerifiedDays } from '#cli/tell-verified-days.ts';
import type { Finding } from '#seal/finding.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import type { VerifiedDay } from '#seal/verify-seals.ts';

const verified = (text: string, ...kinds: readonly ('seal_missing' | 'chain_broken')[]): VerifiedDay => {
  const day = parseUtcDay(text)!;
  const findings = kinds.map((kind): Finding => ({ kind, day }));
  return {
    day,
    header: undefined,
    seal: undefined,
    signedBy: undefined,
    recordCount: 0,
    unsealedCount: 0,
    cameLate: [],
    findings,
  };
};

function told(...days: readonly VerifiedDay[]): readonly string[] {
  const said: string[] = [];
  const teller = tellVerifiedDays({ say: (text) => said.push(text) });
  for (const day of days) teller.tell(day);
  teller.end();
  return said;
}

const alone = (day: string): string =>
  `${day}:\n  seal missing: this day has no seal, though it must have one.`;

describe('tellVerifiedDays', () => {
  it('tells of days on end without a seal at once, and says nothing of those that fit', () => {
    expect(
      told(
        verified('2026-01-30', 'seal_missing'),
        verified('2026-01-31', 'seal_missing'),
        verified('2026-02-01', 'seal_missing'),
        verified('2026-02-02'),
        verified('2026-02-03', 'seal_missing'),
        verified('2026-02-05', 'seal_missing'),
        verified('2026-02-06', 'seal_missing', 'chain_broken'),
        verified('2026-02-07', 'seal_missing'),
        verified('2026-02-08', 'seal_missing'),
      ),
    ).toEqual([
      '2026-01-30 to 2026-02-01:\n  seal missing: these 3 days have no seal, though they must have one.',
      alone('2026-02-03'),
      alone('2026-02-05'),
      expect.stringMatching(/^2026-02-06:\n {2}seal missing: .*\n {2}chain broken: .*$/),
      '2026-02-07 to 2026-02-08:\n  seal missing: these 2 days have no seal, though they must have one.',
    ]);
  });

  it('says nothing of nothing', () => {
    expect(told()).toEqual([]);
    expect(told(verified('2026-01-30'))).toEqual([]);
  });
});
