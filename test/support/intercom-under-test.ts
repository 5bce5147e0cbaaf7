import { createIntercom, type IntercomOptions } from '#intercom/intercom-client.ts';
import type { Intercom } from '#sweep/ports.ts';
import { leapingClock } from './leaping-clock.ts';

export const testToken = 'dG9rOnRoaXNfaXNfbm90X2FfcmVhbF90b2tlbg';

/** A client that waits for nothing; `changes` say what matters to a test. */
export const intercomAt = (baseUrl: string, changes: Partial<IntercomOptions> = {}): Intercom =>
  createIntercom({
    baseUrl,
    token: () => Promise.resolve(testToken),
    version: '2.16',
    pace: { numerator: 1n, denominator: 1n },
    clock: leapingClock(),
    random: () => 0.5,
    ...changes,
  });

/** The body of an error answer. */
export const errorList = (
  code: string,
  requestId: string | null = 'b3c8c472-8478-4654-a29d-f6d0bc2d4fed',
) => ({
  type: 'error.list',
  request_id: requestId,
  errors: [{ code, message: 'Words of Intercom that belong in no log' }],
});
