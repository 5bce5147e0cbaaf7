import type { Refusal } from './answer.ts';

/** Intercom's limit: calls are counted in fixed windows of ten seconds, over all apps of the workspace. */

const windowMs = 10_000;

interface RateLimitRule {
  /** 0: no limit. */
  readonly perMinute: number;
  readonly foreignPerMinute: number;
}

interface RateLimitVerdict {
  readonly admitted: boolean;
  /** Whose calls have used the window up; `none` when it is not used up. */
  readonly blame: 'none' | 'own' | 'foreign';
  /** Per window. */
  readonly limit: number;
  readonly remaining: number;
  /** UNIX seconds at which the window ends. */
  readonly resetAt: number;
}

export interface RateLimiter {
  /** Counts a call, unless it is refused. Undefined when there is no limit. */
  take(rule: RateLimitRule): RateLimitVerdict | undefined;
}

export function rateLimiter(nowMs: () => number): RateLimiter {
  let windowNumber = Number.NaN;
  let own = 0;
  return {
    take({ perMinute, foreignPerMinute }) {
      if (perMinute === 0) return undefined;
      const now = nowMs();
      const current = Math.floor(now / windowMs);
      if (current !== windowNumber) {
        windowNumber = current;
        own = 0;
      }
      const limit = Math.ceil(perMinute / 6);
      const passed = (now - current * windowMs) / windowMs;
      const foreign = Math.floor((foreignPerMinute / 6) * passed);
      const admitted = own + foreign < limit;
      if (admitted) own += 1;
      return {
        admitted,
        blame: admitted ? 'none' : own >= limit ? 'own' : 'foreign',
        limit,
        remaining: Math.max(0, limit - own - foreign),
        resetAt: ((current + 1) * windowMs) / 1000,
      };
    },
  };
}

export const tooManyCalls = (limitPerWindow: number | string): Refusal => ({
  status: 429,
  code: 'rate_limit_exceeded',
  message: `Exceeded rate limit of ${limitPerWindow} in 10_seconds`,
});
