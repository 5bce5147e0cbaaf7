import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runInWindows, type WindowReport, type WindowWorld } from '#support/fixed-window-world.ts';

const world = (random: () => number, changes: Partial<WindowWorld>): WindowWorld => ({
  limit: 1667,
  share: 1,
  concurrency: 40,
  durationMs: 60_000,
  latencyMs: 60,
  jitterMs: 0,
  clockSkewMs: 0,
  startMs: 1_800_000_000_000,
  othersShare: 0,
  timerLatenessMs: 0,
  random,
  ...changes,
});

/** A pseudo-random sequence of its own for each run, so that a failing run can be repeated. */
function sequenceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Windows that were saturated from their beginning to their end. */
const wholeWindows = ({ counted }: WindowReport) => counted.slice(1, -1);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

const circumstances = fc.record({
  limit: fc.integer({ min: 1, max: 4200 }),
  share: fc.double({ min: 0.05, max: 1, noNaN: true }),
  latencyMs: fc.integer({ min: 1, max: 150 }),
  jitterMs: fc.integer({ min: 0, max: 80 }),
  timerLatenessMs: fc.integer({ min: 0, max: 20 }),
  clockSkewMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
  startMs: fc.integer({ min: 1_800_000_000_000, max: 1_800_000_010_000 }),
  concurrency: fc.integer({ min: 1, max: 500 }),
});

describe('pace', () => {
  it('never meets the limit while nobody else calls, whatever limit, clocks, latency and concurrency are', () => {
    fc.assert(
      fc.property(circumstances, fc.integer(), (changes, seed) => {
        const report = runInWindows(world(sequenceOf(seed), { ...changes, durationMs: 45_000 }));
        expect(report.rateLimited).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('never takes more than its share of a window, but for the one call that a window may begin or end with', () => {
    fc.assert(
      fc.property(circumstances, fc.integer(), (changes, seed) => {
        const { counted } = runInWindows(world(sequenceOf(seed), { ...changes, durationMs: 45_000 }));
        // What a late moment may make up for is caught up with in a hurry, and in a hurry calls go until a window's first answer.
        const { jitterMs, timerLatenessMs, latencyMs } = changes;
        const unevenMs = 1.25 * (100 + jitterMs + timerLatenessMs) + 0.25 * latencyMs;
        const most = changes.limit * changes.share * (1 + unevenMs / 10_000) + 1;
        expect(counted.filter(({ own }) => own > most)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('uses at least 97 % of what the limit allows, alone, at full pace, at 60 ms, with 40 calls in flight', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(167, 1667, 4167),
        fc.record({
          clockSkewMs: fc.integer({ min: -60_000, max: 60_000 }),
          startMs: fc.integer({ min: 1_800_000_000_000, max: 1_800_000_010_000 }),
          jitterMs: fc.integer({ min: 0, max: 40 }),
          timerLatenessMs: fc.integer({ min: 0, max: 5 }),
        }),
        fc.integer(),
        (limit, changes, seed) => {
          const windows = wholeWindows(runInWindows(world(sequenceOf(seed), { limit, ...changes })));
          expect(sum(windows.map(({ own }) => own))).toBeGreaterThanOrEqual(0.97 * limit * windows.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes what others leave, within 5 %, and meets the limit in less than one call of 200', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.25, 0.5, 0.75),
        fc.integer({ min: 0, max: 80 }),
        fc.integer(),
        (othersShare, jitterMs, seed) => {
          const changes = { othersShare, jitterMs, durationMs: 100_000 };
          const report = runInWindows(world(sequenceOf(seed), changes));
          const windows = wholeWindows(report);
          const left = 1667 * (1 - othersShare) * windows.length;
          const own = sum(windows.map((window) => window.own));
          expect(own).toBeGreaterThanOrEqual(0.95 * left);
          expect(own).toBeLessThanOrEqual(1.05 * left);
          expect(report.rateLimited).toBeLessThan(report.sent / 200);
        },
      ),
      { numRuns: 60 },
    );
  });
});
