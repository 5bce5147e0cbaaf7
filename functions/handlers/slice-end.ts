import { type Instant, instantFromMs } from '#policy/instant.ts';
import { ConfigurationError } from '#sweep/errors.ts';

/** Left for the calls in flight, each of which may be tried again, and for the last checkpoint. */
const beforeDeadlineMs = 60_000;

/** When a slice of long work has to stop. @throws ConfigurationError when it would have no time at all. */
export function sliceEnd(now: Instant, remainingMs: number): Instant {
  const timeMs = remainingMs - beforeDeadlineMs;
  if (timeMs > 0) return instantFromMs(now + timeMs);
  throw new ConfigurationError(
    'The function has less than a minute for a slice, and a slice ends a minute before its deadline; raise its time-out to ten minutes.',
  );
}
