import { describe, expect, it } from 'vitest';
import { delayUntilNext, initialPace, type Pace, receive, send } from '#intercom/pace.ts';

const limit = 1000;
const windowMs = 10_000;

/** The calls that are sent from `from` until `until` by one that asks each millisecond, and the pace after them. */
function sendBetween(
  pace: Pace,
  from: number,
  until: number,
): { readonly pace: Pace; readonly sentAt: readonly number[] } {
  const sentAt: number[] = [];
  let current = pace;
  for (let now = from; now < until; now += 1) {
    while (delayUntilNext(current, now) <= 0) {
      current = send(current, now);
      sentAt.push(now);
    }
  }
  return { pace: current, sentAt };
}

/** At the beginning of a window, after the first call and its answer. */
function begun(): Pace {
  const rate = { limit, remaining: limit - 1, reset: 10, endsInMs: windowMs, retryAfterMs: undefined };
  return receive(send(initialPace(1), 0), 1, rate, 0);
}

describe('delayUntilNext', () => {
  it('makes up within the window for a second in which nothing was sent, at most a quarter faster than evenly', () => {
    const { sentAt } = sendBetween(begun(), 1_000, windowMs);
    expect(sentAt.length).toBeGreaterThan(0.97 * limit);
    expect(sentAt.length).toBeLessThanOrEqual(0.98 * limit);
    const busiest = Math.max(
      ...sentAt.map((at) => sentAt.filter((other) => other >= at && other < at + 1_000).length),
    );
    expect(busiest).toBeLessThanOrEqual((limit / 10) * 1.25 + 12);
  });

  it('goes evenly in a window in which nothing was missed', () => {
    const { sentAt } = sendBetween(begun(), 0, windowMs);
    const inSecond = (second: number) => sentAt.filter((at) => Math.floor(at / 1_000) === second).length;
    expect(
      Array.from({ length: 8 }, (_, at) => inSecond(at + 1)).every((count) => count >= 97 && count <= 99),
    ).toBe(true);
  });
});
