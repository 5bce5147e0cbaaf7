import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reply } from '#intercom/reply.ts';
import {
  type Attempted,
  type Attempts,
  countReply,
  decideRetry,
  retryLimits,
} from '#intercom/retry-policy.ts';
import { instantFromMs } from '#policy/instant.ts';

const requestId = null;
const rateLimited: Reply = { kind: 'rate_limited', httpStatus: 429, code: 'rate_limit_exceeded', requestId };
const notSent = fc
  .constantFrom('ECONNREFUSED', 'ENOTFOUND', 'timeout')
  .map((code): Reply => ({ kind: 'not_sent', code }));
const lost = fc.constantFrom<Reply>(
  { kind: 'lost', code: 'timeout', httpStatus: null, requestId },
  { kind: 'lost', code: 'connection', httpStatus: null, requestId },
  { kind: 'lost', code: 'http_503', httpStatus: 503, requestId },
  { kind: 'lost', code: 'unreadable_answer', httpStatus: 200, requestId },
);
const clear = fc.constantFrom<Reply>(
  { kind: 'ok', httpStatus: 200, requestId, json: {} },
  { kind: 'refused', httpStatus: 404, code: 'not_found', requestId },
  { kind: 'refused', httpStatus: 401, code: 'unauthorized', requestId },
);
const startedAt = instantFromMs(1_800_000_000_000);
const attemptsOf = (changes: Partial<Attempts>): Attempts => ({
  startedAt,
  rateLimited: 0,
  failed: 0,
  ...changes,
});
const wait = fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined });

/** Any point that a call can have come to, with one of these replies. */
const attempted = (reply: fc.Arbitrary<Reply>): fc.Arbitrary<Attempted> =>
  fc.record({
    reply,
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    attempts: fc
      .record({ rateLimited: fc.integer({ min: 1, max: 40 }), failed: fc.integer({ min: 1, max: 10 }) })
      .map(attemptsOf),
    rate: fc.option(fc.record({ endsInMs: wait, retryAfterMs: wait }), { nil: undefined }),
    now: fc.integer({ min: 0, max: 600_000 }).map((ms) => instantFromMs(startedAt + ms)),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((drawn) => () => drawn),
  });
const anyReply = fc.oneof(fc.constant(rateLimited), notSent, lost, clear);

describe('decideRetry', () => {
  it('never sends a DELETE again that may have reached Intercom', () => {
    fc.assert(
      fc.property(attempted(lost), (point) => {
        expect(decideRetry({ ...point, method: 'DELETE' })).toEqual({ kind: 'leave' });
      }),
    );
  });

  it('sends a DELETE again that the limiter turned away, or that found no connection', () => {
    fc.assert(
      fc.property(attempted(fc.oneof(fc.constant(rateLimited), notSent)), (point) => {
        const first = { ...point, attempts: attemptsOf({ rateLimited: 1, failed: 1 }), now: startedAt };
        expect(decideRetry({ ...first, method: 'DELETE' }).kind).toBe('retry');
      }),
    );
  });

  it('sends nothing again that has a clear answer', () => {
    fc.assert(
      fc.property(attempted(clear), (point) => {
        expect(decideRetry(point)).toEqual({ kind: 'leave' });
      }),
    );
  });

  it('sends again until 6 failures, 30 answers with 429, or 5 minutes of them', () => {
    fc.assert(
      fc.property(attempted(anyReply), (point) => {
        const { reply, method, attempts, now } = point;
        const mayAgain = {
          ok: false,
          refused: false,
          rate_limited: attempts.rateLimited < 30 && now - startedAt < 300_000,
          not_sent: attempts.failed < 6,
          lost: attempts.failed < 6 && method !== 'DELETE',
        };
        expect(decideRetry(point).kind).toBe(mayAgain[reply.kind] ? 'retry' : 'leave');
      }),
    );
  });

  it('waits no shorter than not at all, and no longer than its limits say', () => {
    fc.assert(
      fc.property(attempted(anyReply), (point) => {
        const decision = decideRetry(point);
        if (decision.kind === 'leave') return;
        const longest =
          point.reply.kind === 'rate_limited'
            ? retryLimits.longestRateLimitWaitMs + retryLimits.rateLimitJitterMs
            : retryLimits.longestBackoffMs;
        expect(decision.delayMs).toBeGreaterThanOrEqual(0);
        expect(decision.delayMs).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it('waits after a 429 for the end of the window and for what Retry-After says, whichever is later', () => {
    const short = fc.integer({ min: 0, max: retryLimits.longestRateLimitWaitMs });
    const told = fc.record({ endsInMs: short, retryAfterMs: fc.option(short, { nil: undefined }) });
    fc.assert(
      fc.property(attempted(fc.constant(rateLimited)), told, (point, rate) => {
        const first = { ...point, attempts: attemptsOf({ rateLimited: 1 }), now: startedAt };
        const until = Math.max(rate.endsInMs, rate.retryAfterMs ?? 0);
        const delayMs = until + point.random() * retryLimits.rateLimitJitterMs;
        expect(decideRetry({ ...first, rate })).toEqual({ kind: 'retry', delayMs });
      }),
    );
  });

  it('doubles the longest wait with each failure, and draws from all of it', () => {
    const waits = [1, 2, 3, 4, 5].map((failed) =>
      decideRetry({
        reply: { kind: 'not_sent', code: 'ECONNREFUSED' },
        method: 'GET',
        attempts: attemptsOf({ failed }),
        rate: undefined,
        now: startedAt,
        random: () => 0.5,
      }),
    );
    expect(waits).toEqual([250, 500, 1000, 2000, 4000].map((delayMs) => ({ kind: 'retry', delayMs })));
  });
});

describe('countReply', () => {
  it('counts 429 apart from what failed, and an answer as neither', () => {
    fc.assert(
      fc.property(fc.array(anyReply), (replies) => {
        const counted = replies.reduce(countReply, attemptsOf({}));
        const kinds = replies.map(({ kind }) => kind);
        expect(counted).toEqual({
          startedAt,
          rateLimited: kinds.filter((kind) => kind === 'rate_limited').length,
          failed: kinds.filter((kind) => kind === 'lost' || kind === 'not_sent').length,
        });
      }),
    );
  });
});
