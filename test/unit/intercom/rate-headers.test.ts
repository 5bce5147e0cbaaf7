import { describe, expect, it } from 'vitest';
import { readRateHeaders } from '#intercom/rate-headers.ts';

const now = Date.UTC(2026, 5, 15, 12);
const nowSeconds = now / 1000;

describe('readRateHeaders', () => {
  it('reads limit, remaining and reset, and how long the window lasts by the clock of Intercom', () => {
    const headers = {
      date: new Date(now - 3_600_000).toUTCString(),
      'x-ratelimit-limit': '1667',
      'x-ratelimit-remaining': '12',
      'x-ratelimit-reset': String(nowSeconds - 3600 + 7),
    };
    expect(readRateHeaders(headers, now)).toEqual({
      limit: 1667,
      remaining: 12,
      reset: nowSeconds - 3593,
      endsInMs: 7000,
      retryAfterMs: undefined,
    });
  });

  it('goes by our clock when Intercom does not tell the time, and by no time before now', () => {
    expect(readRateHeaders({ 'x-ratelimit-reset': String(nowSeconds + 4) }, now).endsInMs).toBe(4000);
    expect(readRateHeaders({ 'x-ratelimit-reset': String(nowSeconds - 4) }, now).endsInMs).toBe(0);
  });

  it('reads Retry-After as seconds and as a date', () => {
    expect(readRateHeaders({ 'retry-after': '3' }, now).retryAfterMs).toBe(3000);
    const date = new Date(now + 5000).toUTCString();
    expect(readRateHeaders({ 'retry-after': date }, now).retryAfterMs).toBe(5000);
  });

  it.each([
    {},
    {
      'x-ratelimit-limit': '-1',
      'x-ratelimit-remaining': 'many',
      'x-ratelimit-reset': '1.5',
      'retry-after': 'soon',
    },
  ])('knows nothing from %j', (headers) => {
    expect(Object.values(readRateHeaders(headers, now)).every((value) => value === undefined)).toBe(true);
  });
});
