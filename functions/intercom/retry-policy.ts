import type { Instant } from '#policy/instant.ts';
import type { RateHeaders } from './rate-headers.ts';
import type { Reply } from './reply.ts';

/** How one call has gone so far. */
export interface Attempts {
  readonly startedAt: Instant;
  /** Answers with 429. */
  readonly rateLimited: number;
  /** Everything else that went wrong. */
  readonly failed: number;
}

export function countReply(attempts: Attempts, { kind }: Reply): Attempts {
  if (kind === 'rate_limited') return { ...attempts, rateLimited: attempts.rateLimited + 1 };
  return kind === 'lost' || kind === 'not_sent' ? { ...attempts, failed: attempts.failed + 1 } : attempts;
}

/** What the decision rests on. */
export interface Attempted {
  readonly reply: Reply;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With this reply counted. */
  readonly attempts: Attempts;
  /** What the answer said of waiting; undefined when there was none. */
  readonly rate: Pick<RateHeaders, 'endsInMs' | 'retryAfterMs'> | undefined;
  readonly now: Instant;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** `leave`: the reply is what the call came to. */
export type RetryDecision = { readonly kind: 'retry'; readonly delayMs: number } | { readonly kind: 'leave' };

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

/**
 * Whether to send the same request again, and when. A POST is a search, and as harmless as a GET. A DELETE is repeated only if it
 * cannot have had an effect: the limiter turned it away, or no connection came about.
 */
export function decideRetry({ reply, method, attempts, rate, now, random }: Attempted): RetryDecision {
  switch (reply.kind) {
    case 'ok':
    case 'refused':
      return { kind: 'leave' };
    case 'rate_limited': {
      const elapsedMs = now - attempts.startedAt;
      const isUsedUp =
        attempts.rateLimited >= retryLimits.rateLimited || elapsedMs >= retryLimits.longestRateLimitedMs;
      if (isUsedUp) return { kind: 'leave' };
      return {
        kind: 'retry',
        delayMs: rateLimitWaitMs(rate, attempts) + random() * retryLimits.rateLimitJitterMs,
      };
    }
    case 'lost':
    case 'not_sent':
      if (reply.kind === 'lost' && method === 'DELETE') return { kind: 'leave' };
      if (attempts.failed >= retryLimits.failures) return { kind: 'leave' };
      // Full jitter, so that clients which failed together do not come back together.
      return { kind: 'retry', delayMs: random() * backoffMs(attempts.failed) };
  }
}

function rateLimitWaitMs(rate: Attempted['rate'], attempts: Attempts): number {
  const { endsInMs, retryAfterMs } = rate ?? {};
  const isTold = endsInMs !== undefined || retryAfterMs !== undefined;
  const waitMs = isTold ? Math.max(endsInMs ?? 0, retryAfterMs ?? 0) : backoffMs(attempts.rateLimited);
  return Math.min(waitMs, retryLimits.longestRateLimitWaitMs);
}

/** Doubles with each failure. */
const backoffMs = (failures: number): number =>
  Math.min(retryLimits.longestBackoffMs, retryLimits.firstBackoffMs * 2 ** (failures - 1));
