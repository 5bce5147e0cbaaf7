import type { IncomingHttpHeaders } from 'node:http';

/** What an answer says of the rate limit. Intercom sends none of it when it does not accept the token. */
export interface RateHeaders {
  /** Calls per window. */
  readonly limit: number | undefined;
  /** Calls left in this window, for all apps that share the limit. */
  readonly remaining: number | undefined;
  /** The end of the window, in UNIX seconds of Intercom's clock. */
  readonly reset: number | undefined;
  /** How long after the answer came the window has ended for certain, by Intercom's clock alone. */
  readonly endsInMs: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** `now` is used where Intercom does not tell its own time. Milliseconds since 1970. */
export function readRateHeaders(headers: IncomingHttpHeaders, now: number): RateHeaders {
  const reset = wholeNumber(headers['x-ratelimit-reset']);
  const serverNow = Date.parse(headers.date ?? '');
  return {
    limit: wholeNumber(headers['x-ratelimit-limit']),
    remaining: wholeNumber(headers['x-ratelimit-remaining']),
    reset,
    // Both are whole seconds, rounded down; the difference can be too long by a second, never too short.
    endsInMs:
      reset === undefined
        ? undefined
        : Math.max(0, reset * 1000 - (Number.isNaN(serverNow) ? now : serverNow)),
    retryAfterMs: retryAfter(headers['retry-after'], serverNow, now),
  };
}

/** Intercom does not document `Retry-After`; what stands between may send it, as seconds or as a date. */
function retryAfter(text: string | undefined, serverNow: number, now: number): number | undefined {
  const seconds = wholeNumber(text);
  if (seconds !== undefined) return seconds * 1000;
  const until = Date.parse(text ?? '');
  return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(serverNow) ? now : serverNow));
}

function wholeNumber(text: string | readonly string[] | undefined): number | undefined {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
