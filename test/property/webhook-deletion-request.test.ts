import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import {
  contactTopics,
  conversationTopics,
  type DeletionRequest,
  decodeDeletionRequest,
  toMessage,
} from '#sweep/deletion-request.ts';

const id = fc.stringMatching(/^[\w-]{1,128}$/);
const common = {
  workspaceId: id.map(brandId),
  notificationId: id,
  receivedAt: fc.integer({ min: 0, max: 4_102_444_800_000 }).map(instantFromMs),
};
const requests = fc.oneof(
  fc.record({ ...common, topic: fc.constantFrom(...conversationTopics), conversationId: id.map(brandId) }),
  fc.record({ ...common, topic: fc.constantFrom(...contactTopics), contactId: id.map(brandId) }),
) as fc.Arbitrary<DeletionRequest>;

describe('decodeDeletionRequest', () => {
  it('reads back what toMessage wrote', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(decodeDeletionRequest(toMessage(request))).toEqual({ ok: true, request });
      }),
    );
  });

  it('names the field when one of them is missing or of a wrong type', () => {
    const broken = fc.constantFrom(undefined, null, 0, '', {}, [], 'person@example.test');
    fc.assert(
      fc.property(requests, fc.nat(), broken, (request, at, value) => {
        const message = JSON.parse(toMessage(request)) as Record<string, unknown>;
        const fields = Object.keys(message);
        const field = fields[at % fields.length]!;
        const decoded = decodeDeletionRequest(JSON.stringify({ ...message, [field]: value }));
        expect(decoded).toEqual({ ok: false, problem: `The message has no readable ${field}.` });
      }),
    );
  });

  it('never throws, whatever the text, and quotes nothing of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeDeletionRequest(text)).toMatchObject({ ok: false });
      }),
    );
    expect(decodeDeletionRequest('{"token": "tok-4711"')).toEqual({
      ok: false,
      problem: 'The message has no readable JSON.',
    });
  });
});
