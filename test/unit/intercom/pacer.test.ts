import { describe, expect, it } from 'vitest';
import { Pacer } from '#intercom/pacer.ts';
import type { RateHeaders } from '#intercom/rate-headers.ts';
import { instantFromMs } from '#policy/instant.ts';
import { testNow } from '#support/facts.ts';
import { leapingClock } from '#support/leaping-clock.ts';

const full = { numerator: 1n, denominator: 1n };
const rateOf = (changes: Partial<RateHeaders>): RateHeaders => ({
  limit: 1000,
  remaining: 999,
  reset: testNow / 1000 + 10,
  endsInMs: 10_000,
  retryAfterMs: undefined,
  ...changes,
});

describe('Pacer', () => {
  it('lets the first call go alone, until its answer says what the limit is', async () => {
    const pacer = new Pacer(full, leapingClock());
    const first = await pacer.turn();
    const later: number[] = [];
    const waiting = [pacer.turn(), pacer.turn()].map((turn) => turn.then((number) => later.push(number)));
    await new Promise(setImmediate);
    expect([first, later]).toEqual([1, []]);
    pacer.ended(first, rateOf({}));
    await Promise.all(waiting);
    expect(later).toEqual([2, 3]);
  });

  it('lets calls go in the order they came, evenly over the window', async () => {
    const clock = leapingClock();
    const pacer = new Pacer({ numerator: 1n, denominator: 2n }, clock);
    pacer.ended(await pacer.turn(), rateOf({ limit: 100, remaining: 99 }));
    const numbers: number[] = [];
    const sentAt: number[] = [];
    await Promise.all(Array.from({ length: 20 }, () => pacer.turn().then((number) => numbers.push(number))));
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
    for (let call = 0; call < 5; call += 1) {
      await pacer.turn();
      sentAt.push(clock.now());
    }
    // Half of 100 calls in ten seconds: one each 200 ms.
    expect(sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0))).toEqual([200, 200, 200, 200]);
  });

  it('goes by 1,000 calls a minute when the answers do not name a limit', async () => {
    const clock = leapingClock();
    const pacer = new Pacer(full, clock);
    pacer.ended(await pacer.turn(), undefined);
    for (let call = 0; call < 167; call += 1) pacer.ended(await pacer.turn(), undefined);
    expect(pacer.limit).toBeUndefined();
    expect(clock.now() - testNow).toBeGreaterThan(9_900);
    expect(clock.now() - testNow).toBeLessThan(10_300);
  });

  it('lets nobody go during a pause', async () => {
    const clock = leapingClock();
    const pacer = new Pacer(full, clock);
    pacer.ended(await pacer.turn(), rateOf({}));
    pacer.pause(7_000);
    await Promise.all([pacer.turn(), pacer.turn()]);
    expect(clock.now() - testNow).toBeGreaterThanOrEqual(7_000);
  });

  it('sends nothing into a window that others have used up, and goes on in the next', async () => {
    const clock = leapingClock();
    const pacer = new Pacer(full, clock);
    pacer.ended(await pacer.turn(), rateOf({ remaining: 0, endsInMs: 6_000 }));
    await pacer.turn();
    expect(clock.now() - testNow).toBe(6_000);
  });

  it('keeps its pace when the clock is set back by an hour', async () => {
    const leaping = leapingClock();
    let back = 0;
    const clock = { ...leaping, now: () => instantFromMs(leaping.now() - back) };
    const pacer = new Pacer(full, clock);
    pacer.ended(await pacer.turn(), rateOf({}));
    await pacer.turn();
    back = 3_600_000;
    for (let call = 0; call < 100; call += 1) await pacer.turn();
    expect(leaping.now() - testNow).toBeLessThan(1_500);
  });
});
