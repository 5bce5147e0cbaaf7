import { describe, expect, it } from 'vitest';
import { crashRun } from '#support/crash-run.ts';

/** A sample; `npm run soak` runs two hundred. The seed is in each test's name. */
const seeds = [1, 2, 3];

describe('retention run, killed and started again under faults', () => {
  it.each(seeds)(
    'promises 1, 2, 4, 5, 6: every intent has one true outcome, no limit, hold or protection is passed, and a reconciliation leaves no doubt (seed %i)',
    { timeout: 120_000 },
    async (seed) => {
      const report = await crashRun(seed);
      expect(report.broken).toEqual([]);
      expect(report.killed).toBeGreaterThan(0);
    },
  );
});
