import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempts, decideRetry, retryLimits, type Trouble } from '#intercom/retry-policy.ts';
import { instantFromMs } from '#policy/instant.ts';

const requestId = null;
const rateLimited: Trouble = {
  kind: 'rate_limited',
  httpStatus: 429,
  code: 'rate_limit_exceeded',
  requestId,
};
const notSent = fc
  .constantFrom('ECONNREFUSED', 'ENOTFOUND', 'timeout')
  .map((code): Trouble => ({ kind: 'not_sent', code }));
const lost = fc.constantFrom<Trouble>(
  { kind: 'lost', code: 'timeout', httpStatus: null, requestId },
  { kind: 'lost', code: 'connection', httpStatus: null, requestId },
  { kind: 'lost', code: 'http_503', httpStatus: 503, requestId },
  { kind: 'lost', code: 'unreadable_answer', httpStatus: 200, requestId },
);
const trouble = fc.oneof(fc.constant(rateLimited), notSent, lost);
const method = fc.constantFrom('GET' as const, 'POST' as const, 'DELETE' as const);
const startedAt = instantFromMs(1_800_000_000_000);
const attemptsOf = (changes: Partial<Attempts>): Attempts => ({
  startedAt,
  rateLimited: 0,
  failed: 0,
  ...changes,
});
const anyAttempts = fc
  .record({ rateLimited: fc.integer({ min: 1, max: 40 }), failed: fc.integer({ min: 1, max: 10 }) })
  .map(attemptsOf);
const wait = fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined });
const told = fc.option(fc.record({ endsInMs: wait, retryAfterMs: wait }), { nil: undefined });
const elapsed = fc.integer({ min: 0, max: 600_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('decideRetry', () => {
  it('never sends a DELETE again that may have reached Intercom', () => {
    fc.assert(
      fc.property(lost, anyAttempts, told, elapsed, random, (problem, attempts, rate, ms, drawn) => {
        const now = instantFromMs(startedAt + ms);
        expect(decideRetry(problem, { method: 'DELETE' }, attempts, rate, now, () => drawn)).toEqual({
          kind: 'give_up',
        });
      }),
    );
  });

  it('sends a DELETE again that the limiter turned away, or that found no connection', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(rateLimited), notSent), told, random, (problem, rate, drawn) => {
        const attempts = attemptsOf({ rateLimited: 1, failed: 1 });
        expect(decideRetry(problem, { method: 'DELETE' }, attempts, rate, startedAt, () => drawn).kind).toBe(
          'retry',
        );
      }),
    );
  });

  it('waits at least nothing and at most as long as its limits say', () => {
    fc.assert(
      fc.property(trouble, method, anyAttempts, told, random, (problem, verb, attempts, rate, drawn) => {
        const decision = decideRetry(problem, { method: verb }, attempts, rate, startedAt, () => drawn);
        if (decision.kind === 'give_up') return;
        const longest =
          problem.kind === 'rate_limited'
            ? retryLimits.longestRateLimitWaitMs + retryLimits.rateLimitJitterMs
            : retryLimits.longestBackoffMs;
        expect(decision.delayMs).toBeGreaterThanOrEqual(0);
        expect(decision.delayMs).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it('gives up after 6 failures, 30 answers with 429, or 5 minutes of them', () => {
    fc.assert(
      fc.property(
        trouble,
        method,
        anyAttempts,
        told,
        elapsed,
        random,
        (problem, verb, attempts, rate, ms, drawn) => {
          const now = instantFromMs(startedAt + ms);
          const decision = decideRetry(problem, { method: verb }, attempts, rate, now, () => drawn);
          const isUsedUp =
            problem.kind === 'rate_limited'
              ? attempts.rateLimited >= 30 || ms >= 300_000
              : attempts.failed >= 6;
          const isUnsafe = problem.kind === 'lost' && verb === 'DELETE';
          expect(decision.kind).toBe(isUsedUp || isUnsafe ? 'give_up' : 'retry');
        },
      ),
    );
  });

  it('waits after a 429 for the end of the window and for what Retry-After says, whichever is later', () => {
    const short = fc.integer({ min: 0, max: retryLimits.longestRateLimitWaitMs });
    fc.assert(
      fc.property(short, short, random, (endsInMs, retryAfterMs, drawn) => {
        const attempts = attemptsOf({ rateLimited: 1 });
        for (const rate of [
          { endsInMs, retryAfterMs },
          { endsInMs, retryAfterMs: undefined },
        ]) {
          const decision = decideRetry(
            rateLimited,
            { method: 'GET' },
            attempts,
            rate,
            startedAt,
            () => drawn,
          );
          const until = Math.max(rate.endsInMs, rate.retryAfterMs ?? 0);
          expect(decision).toEqual({ kind: 'retry', delayMs: until + drawn * retryLimits.rateLimitJitterMs });
        }
      }),
    );
  });

  it('doubles the longest wait with each failure, up to 20 seconds, and draws from all of it', () => {
    const waits = [1, 2, 3, 4, 5].map((failed) => {
      const problem: Trouble = { kind: 'not_sent', code: 'ECONNREFUSED' };
      return decideRetry(problem, { method: 'GET' }, attemptsOf({ failed }), undefined, startedAt, () => 0.5);
    });
    expect(waits).toEqual([250, 500, 1000, 2000, 4000].map((delayMs) => ({ kind: 'retry', delayMs })));
  });
});
