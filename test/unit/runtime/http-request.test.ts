import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyBytes, bodySize, decodeHttpRequest } from '#runtime/http-request.ts';
import { functionUrlEvent, httpApiEvent } from '#support/webhook-events.ts';

const eitherEvent = fc.constantFrom(functionUrlEvent, httpApiEvent);
const bodies = fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' }));

describe('decodeHttpRequest', () => {
  it('gives back the bytes and the size of the body, in base64 or not, behind either front door', () => {
    fc.assert(
      fc.property(eitherEvent, bodies, (toEvent, body) => {
        const request = decodeHttpRequest(toEvent({ method: 'POST', headers: {}, body }));
        const bytes = Buffer.from(body as string);
        expect(bodyBytes(request)).toEqual(bytes);
        expect(bodySize(request)).toBe(bytes.length);
      }),
    );
  });

  it('knows headers by their lower-case names', () => {
    const event = functionUrlEvent({ method: 'POST', headers: { 'X-Hub-Signature': 's' }, body: '' });
    expect(decodeHttpRequest(event)).toEqual({
      method: 'POST',
      query: '',
      headers: { 'x-hub-signature': 's' },
      body: { text: '', encoding: 'utf8' },
      isSignedByIam: false,
    });
  });

  it('refuses with a PlatformError everything that is no such event', () => {
    const event = functionUrlEvent({ method: 'POST', headers: {}, body: '' });
    const noEvent = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(7, true, {}, []).map((body) => ({ ...event, body })),
      fc.constantFrom(null, 'POST', { http: null }, { http: { method: 1 } }).map((requestContext) => ({
        ...event,
        requestContext,
      })),
    );
    fc.assert(
      fc.property(noEvent, (value) => {
        expect(() => decodeHttpRequest(value)).toThrow(
          expect.objectContaining({ name: 'PlatformError', code: 'unreadable_event' }) as Error,
        );
      }),
    );
  });
});
