import type { Instant } from '#policy/instant.ts';
import type { RateHeaders } from './rate-headers.ts';
import type { Reply } from './reply.ts';

export type Trouble = Exclude<Reply, { readonly kind: 'ok' | 'refused' }>;

/** How one call has gone so far, the present trouble included. */
export interface Attempts {
  readonly startedAt: Instant;
  /** Answers with 429. */
  readonly rateLimited: number;
  /** Everything else that went wrong. */
  readonly failed: number;
}

type ToldWaits = Pick<RateHeaders, 'endsInMs' | 'retryAfterMs'>;

export type RetryDecision =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'give_up' };

export const retryLimits = {
  failures: 6,
  firstBackoffMs: 500,
  longestBackoffMs: 20_000,
  rateLimited: 30,
  /** Longer than that and somebody has taken the limit for good. */
  longestRateLimitedMs: 300_000,
  longestRateLimitWaitMs: 60_000,
  rateLimitJitterMs: 500,
} as const;

const giveUp: RetryDecision = { kind: 'give_up' };

/**
 * Whether to send the same request again, and when. A DELETE is repeated only if it cannot have had an effect: the limiter
 * turned it away, or no connection came about.
 */
export function decideRetry(
  trouble: Trouble,
  request: { readonly method: 'GET' | 'POST' | 'DELETE' },
  attempts: Attempts,
  rate: ToldWaits | undefined,
  now: Instant,
  random: () => number,
): RetryDecision {
  if (trouble.kind === 'rate_limited') return afterRateLimit(attempts, rate, now, random);
  if (trouble.kind === 'lost' && request.method === 'DELETE') return giveUp;
  if (attempts.failed >= retryLimits.failures) return giveUp;
  return { kind: 'retry', delayMs: random() * backoffMs(attempts.failed, retryLimits.longestBackoffMs) };
}

function afterRateLimit(
  attempts: Attempts,
  rate: ToldWaits | undefined,
  now: Instant,
  random: () => number,
): RetryDecision {
  if (attempts.rateLimited >= retryLimits.rateLimited) return giveUp;
  if (now - attempts.startedAt >= retryLimits.longestRateLimitedMs) return giveUp;
  const { endsInMs, retryAfterMs } = rate ?? {};
  const told =
    endsInMs === undefined && retryAfterMs === undefined
      ? backoffMs(attempts.rateLimited, retryLimits.longestBackoffMs)
      : Math.max(endsInMs ?? 0, retryAfterMs ?? 0);
  const jitterMs = random() * retryLimits.rateLimitJitterMs;
  return { kind: 'retry', delayMs: Math.min(told, retryLimits.longestRateLimitWaitMs) + jitterMs };
}

/** Doubles with each failure. Full jitter, so that clients which failed together do not come back together. */
const backoffMs = (failures: number, longestMs: number): number =>
  Math.min(longestMs, retryLimits.firstBackoffMs * 2 ** (failures - 1));
