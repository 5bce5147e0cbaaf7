/** When the next call may be sent: pure functions over what is known of Intercom's rate limit. Times are in milliseconds. */
import type { RateHeaders } from './rate-headers.ts';

/** Intercom's own: it spreads the calls of a minute over windows of ten seconds. */
const windowMs = 10_000;
/** Until Intercom says more: the lowest limit that is documented, 1,000 calls a minute. */
const assumedLimit = 167;
/**
 * The largest share of the limit that is used. The rest is for calls that are sent evenly and arrive unevenly, so that a few
 * of one window are counted in the next.
 */
const largestShare = 0.98;
/** What a late timer or a busy moment may make up for in one go. */
const catchUpMs = 100;
/** How much faster than evenly calls go at most, to make up for what was missed of a window. */
const largestHurry = 1.25;
/** How much weight the other apps' use before this window has against their use in it. */
const memoryMs = 2_000;
/** However busy others are, this share of our own pace stays: somebody must find out when they stop. */
const smallestShare = 0.05;

export interface Pace {
  /** Of the limit, that we may use whatever others do. */
  readonly share: number;
  /** Calls per window; undefined before the first answer. */
  readonly limit: number | undefined;
  /** Whether any call has ended: until then, one goes alone. */
  readonly isAnswered: boolean;
  readonly inFlight: number;
  /** Calls sent in all; a call's number is this count with itself in it. */
  readonly sent: number;
  /** When the last call should have been sent: never later than it was. */
  readonly lastSlotAt: number;
  readonly pausedUntil: number;
  readonly window: WindowSeen | undefined;
  /** Calls per millisecond that other apps make, as far as can be seen. */
  readonly othersRate: number;
}

/** What the answers say of one window. */
interface WindowSeen {
  readonly reset: number;
  /** By our clock; never before the real end. */
  readonly endsAt: number;
  /** What was left by the answer to the latest call of which there is one, and the number of that call. */
  readonly remaining: number;
  readonly callNumber: number;
  /** `remaining + callNumber` stays the same while only we call. */
  readonly firstSeen: { readonly sum: number; readonly at: number; readonly othersRate: number };
}

export const initialPace = (share: number): Pace => ({
  share: Math.min(share, largestShare),
  limit: undefined,
  isAnswered: false,
  inFlight: 0,
  sent: 0,
  lastSlotAt: Number.NEGATIVE_INFINITY,
  pausedUntil: Number.NEGATIVE_INFINITY,
  window: undefined,
  othersRate: 0,
});

/** 0: now. Infinity: not before an answer has come. */
export function delayUntilNext(pace: Pace, now: number): number {
  if (pace.pausedUntil > now) return pace.pausedUntil - now;
  if (!pace.isAnswered) return pace.inFlight === 0 ? 0 : Number.POSITIVE_INFINITY;
  const untilEnd = (pace.window?.endsAt ?? now) - now;
  if (untilEnd > 0 && isUsedUp(pace)) return untilEnd;
  const untilSlot = Math.max(0, nextSlotAt(pace, now) - now);
  // A new window may allow an earlier slot.
  return untilEnd > 0 ? Math.min(untilSlot, untilEnd) : untilSlot;
}

/** A call is sent now. */
export function send(pace: Pace, now: number): Pace {
  return {
    ...pace,
    sent: pace.sent + 1,
    inFlight: pace.inFlight + 1,
    lastSlotAt: Math.max(nextSlotAt(pace, now), now - catchUpMs),
  };
}

/** A call has ended; `rate` is undefined when no answer came. */
export function receive(pace: Pace, callNumber: number, rate: RateHeaders | undefined, now: number): Pace {
  const { limit, remaining, reset, endsInMs } = rate ?? {};
  const next: Pace = {
    ...pace,
    isAnswered: true,
    inFlight: pace.inFlight - 1,
    limit: limit === undefined || limit === 0 ? pace.limit : limit,
  };
  if (remaining === undefined || reset === undefined || endsInMs === undefined) return next;
  return observe(next, { callNumber, remaining, reset, endsAt: now + endsInMs }, now);
}

interface Observation {
  readonly callNumber: number;
  readonly remaining: number;
  readonly reset: number;
  readonly endsAt: number;
}

function observe(pace: Pace, seen: Observation, now: number): Pace {
  const { window } = pace;
  const sum = seen.remaining + seen.callNumber;
  if (
    window === undefined ||
    (seen.reset !== window.reset && (seen.reset > window.reset || now >= window.endsAt))
  ) {
    return { ...pace, window: { ...seen, firstSeen: { sum, at: now, othersRate: pace.othersRate } } };
  }
  if (seen.reset < window.reset) return pace;
  const endsAt = Math.min(window.endsAt, seen.endsAt);
  // Answers overtake each other; the latest call's knows the most.
  if (seen.callNumber < window.callNumber) return { ...pace, window: { ...window, endsAt } };
  const { firstSeen } = window;
  const byOthers = Math.max(0, firstSeen.sum - sum);
  return {
    ...pace,
    window: { ...seen, endsAt, firstSeen },
    othersRate: (firstSeen.othersRate * memoryMs + byOthers) / (memoryMs + now - firstSeen.at),
  };
}

/** Nobody sends before `until`. */
export const pauseUntil = (pace: Pace, until: number): Pace => ({
  ...pace,
  pausedUntil: Math.max(pace.pausedUntil, until),
});

const remainingNow = ({ sent }: Pace, { remaining, callNumber }: WindowSeen): number =>
  remaining - (sent - callNumber);

const isUsedUp = (pace: Pace): boolean => pace.window !== undefined && remainingNow(pace, pace.window) < 1;

/** Slots lie evenly on a time line, so that one late call does not make all later ones late. */
const nextSlotAt = (pace: Pace, now: number): number => pace.lastSlotAt + 1 / ratePerMs(pace, now);

function ratePerMs(pace: Pace, now: number): number {
  const limit = pace.limit ?? assumedLimit;
  const own = (limit * pace.share) / windowMs;
  return Math.max(own * smallestShare, Math.min(hurried(pace, limit, now), leftByOthers(pace, limit, now)));
}

/** Even, but where our share of the window is behind: then what was missed is made up for, a little faster, until its end. */
function hurried({ window, share, sent }: Pace, limit: number, now: number): number {
  const own = (limit * share) / windowMs;
  if (window === undefined || now >= window.endsAt) return own;
  // Whatever was taken before the first answer of the window counts as ours.
  const taken = limit - (window.firstSeen.sum - sent);
  const needed = (limit * share - taken) / (window.endsAt - now);
  return Math.min(Math.max(own, needed), own * largestHurry);
}

/** What is left of the window, evenly until its end, less what others will take of it. */
function leftByOthers(pace: Pace, limit: number, now: number): number {
  const { window, othersRate } = pace;
  if (window === undefined || now >= window.endsAt) return limit / windowMs - othersRate;
  return remainingNow(pace, window) / (window.endsAt - now) - othersRate;
}
