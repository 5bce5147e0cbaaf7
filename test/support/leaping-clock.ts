import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { Clock } from '#sweep/ports.ts';
import { testNow } from './facts.ts';

export interface LeapingClock extends Clock {
  /** What was slept, in order; in milliseconds. */
  readonly sleeps: readonly number[];
}

/** A clock that stands still, but for sleeping, which takes no time and moves it. */
export function leapingClock(from: Instant = testNow): LeapingClock {
  const sleeps: number[] = [];
  let now: number = from;
  return {
    sleeps,
    now: () => instantFromMs(now),
    sleep(delayMs) {
      sleeps.push(delayMs);
      now += delayMs;
      return Promise.resolve();
    },
  };
}
