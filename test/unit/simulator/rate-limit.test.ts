import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimiter } from '#simulator/rate-limit.ts';

/** A limiter with a clock that a test sets. */
function limiterAt(startMs: number) {
  const clock = { nowMs: startMs };
  return { clock, limiter: rateLimiter(() => clock.nowMs) };
}

const noForeign = { foreignPerMinute: 0 };

describe('rateLimiter', () => {
  it.each([
    [10_000, 1667],
    [1000, 167],
    [6, 1],
  ])('spreads %i calls a minute over windows of ten seconds: %i in each', (perMinute, limit) => {
    const { limiter } = limiterAt(0);
    expect(limiter.take({ perMinute, ...noForeign })).toMatchObject({ limit, remaining: limit - 1 });
  });

  it('admits exactly the limit in a window, then none, then again from the second that it named', () => {
    const { clock, limiter } = limiterAt(1_700_000_003_400);
    const take = () => limiter.take({ perMinute: 18, ...noForeign });
    expect([take(), take(), take(), take()]).toMatchObject([
      { admitted: true, remaining: 2 },
      { admitted: true, remaining: 1 },
      { admitted: true, remaining: 0 },
      { admitted: false, remaining: 0, blame: 'own', resetAt: 1_700_000_010 },
    ]);
    clock.nowMs = 1_700_000_009_999;
    expect(take()).toMatchObject({ admitted: false });
    clock.nowMs = 1_700_000_010_000;
    expect(take()).toMatchObject({ admitted: true, remaining: 2, resetAt: 1_700_000_020 });
  });

  it('admits everything and says nothing when there is no limit', () => {
    expect(limiterAt(0).limiter.take({ perMinute: 0, foreignPerMinute: 100 })).toBeUndefined();
  });

  it('lets another app use its share of the window up evenly, and blames it', () => {
    const { clock, limiter } = limiterAt(0);
    const take = () => limiter.take({ perMinute: 600, foreignPerMinute: 600 });
    expect(take()).toMatchObject({ admitted: true, limit: 100, remaining: 99 });
    clock.nowMs = 5000;
    expect(take()).toMatchObject({ admitted: true, remaining: 48 });
    clock.nowMs = 9950;
    expect(take()).toMatchObject({ admitted: false, blame: 'foreign', remaining: 0 });
  });

  it('never admits more in a window than the limit, whenever the calls come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4000), { maxLength: 200 }),
        fc.integer({ min: 1, max: 120 }),
        fc.nat(120),
        (pausesMs, perMinute, foreignPerMinute) => {
          const { clock, limiter } = limiterAt(0);
          const admitted = new Map<number, number>();
          for (const pauseMs of pausesMs) {
            clock.nowMs += pauseMs;
            const window = Math.floor(clock.nowMs / 10_000);
            const verdict = limiter.take({ perMinute, foreignPerMinute });
            expect(verdict?.resetAt).toBe((window + 1) * 10);
            expect(verdict?.admitted).toBe(verdict?.blame === 'none');
            if (verdict?.admitted) admitted.set(window, (admitted.get(window) ?? 0) + 1);
          }
          for (const count of admitted.values()) expect(count).toBeLessThanOrEqual(Math.ceil(perMinute / 6));
        },
      ),
    );
  });
});
