import { type Instant, instantFromMs } from '#policy/instant.ts';
import { dayOf, plusDays, type UtcDay } from './utc-day.ts';

/**
 * How long after its end a day is sealed: time for clocks that differ, for writes that are tried again, and for the index that the
 * records are read from. Whatever comes later still is sealed with a later day.
 */
export const usualSettlingDelayMs = 3_600_000;

/** How many days before the newest sealed one are looked through for late records. */
export const usualLookBackDays = 3;

/** The last day that can be sealed: it has been over for at least the delay. */
export const lastCompleteDay = (now: Instant, settlingDelayMs: number): UtcDay =>
  plusDays(dayOf(instantFromMs(now - settlingDelayMs)), -1);
