import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import {
  contactTopics,
  conversationTopics,
  decodeDeletionRequest,
  toMessage,
  type WebhookRequest,
} from '#sweep/deletion-request.ts';

const id = fc.stringMatching(/^[\w-]{1,128}$/);
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(instantFromMs);
const common = {
  workspaceId: id.map(brandId),
  notificationId: id,
  occurredAt: instant,
  receivedAt: instant,
};
const requests = fc.oneof(
  fc.record({ ...common, topic: fc.constantFrom(...conversationTopics), conversationId: id.map(brandId) }),
  fc.record({ ...common, topic: fc.constantFrom(...contactTopics), contactId: id.map(brandId) }),
) as fc.Arbitrary<WebhookRequest>;
const broken = fc.constantFrom(undefined, null, 0, '', {}, [], 'person@example.test');

const arrival = {
  workspaceId: brandId<WorkspaceId>('a86dr8yl'),
  receivedAt: instantFromMs(1_781_524_800_000),
};
const requestedEvent = (changes: object = {}, detail: object = {}): object => ({
  version: '0',
  id: '7f1e4f0a-8a2e-4f43-9d0e-8f6a1c1f2b3c',
  'detail-type': 'conversation.deletion.requested',
  source: 'com.example.crm',
  account: '123456789012',
  time: '2026-06-15T11:59:30Z',
  region: 'eu-west-1',
  resources: [],
  detail: { conversation_id: '215472856448646', reason: 'Ticket 4711', requested_by: 'crm', ...detail },
  ...changes,
});
const decodeEvent = (event: object) => decodeDeletionRequest(JSON.stringify(event), arrival);

describe('decodeDeletionRequest', () => {
  it('reads back what toMessage wrote, whatever the arrival says', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(decodeDeletionRequest(toMessage(request), arrival)).toEqual({ ok: true, request });
      }),
    );
  });

  it('names the field of a message when one of them is missing or of a wrong type', () => {
    fc.assert(
      fc.property(requests, fc.nat(), broken, (request, at, value) => {
        const message = JSON.parse(toMessage(request)) as Record<string, unknown>;
        const fields = Object.keys(message);
        const field = fields[at % fields.length]!;
        const decoded = decodeDeletionRequest(JSON.stringify({ ...message, [field]: value }), arrival);
        expect(decoded).toEqual({ ok: false, problem: `The message has no readable ${field}.` });
      }),
    );
  });

  it('reads the event of another system, for the workspace and with the time of its arrival', () => {
    const common = {
      topic: 'conversation.deletion.requested',
      reason: 'Ticket 4711',
      requestedBy: 'crm',
      notificationId: '7f1e4f0a-8a2e-4f43-9d0e-8f6a1c1f2b3c',
      occurredAt: Date.UTC(2026, 5, 15, 11, 59, 30),
      ...arrival,
    };
    expect(decodeEvent(requestedEvent())).toEqual({
      ok: true,
      request: { ...common, conversationId: '215472856448646' },
    });
    const ofContact = { conversation_id: undefined, contact_id: '6762f0f91bb69f9f2193bc1d' };
    expect(decodeEvent(requestedEvent({}, ofContact))).toEqual({
      ok: true,
      request: { ...common, contactId: '6762f0f91bb69f9f2193bc1d' },
    });
    expect(decodeEvent(requestedEvent({}, { workspace_id: 'another1' }))).toEqual({
      ok: true,
      request: { ...common, workspaceId: 'another1', conversationId: '215472856448646' },
    });
  });

  it.each([
    ['no id', {}, { conversation_id: undefined }, /not one readable id/],
    ['two ids', {}, { contact_id: '6762f0f91bb69f9f2193bc1d' }, /not one readable id/],
    ['an id that is an address', {}, { conversation_id: 'person@example.test' }, /not one readable id/],
    [
      'a workspace that is an address',
      {},
      { workspace_id: 'person@example.test' },
      /no readable workspace_id/,
    ],
    ['an address as its reason', {}, { reason: 'asked by person@example.test' }, /no usable reason/],
    ['an address as its requester', {}, { requested_by: 'person@example.test' }, /no usable requested_by/],
    ['no reason', {}, { reason: undefined }, /no usable reason/],
    ['a blank reason', {}, { reason: '  ' }, /no usable reason/],
    ['a reason of two lines', {}, { reason: 'one\ntwo' }, /no usable reason/],
    ['a reason of 201 characters', {}, { reason: 'x'.repeat(201) }, /no usable reason/],
    ['a requester that is no text', {}, { requested_by: 7 }, /no usable requested_by/],
    ['a field too many', {}, { retain_metrics: false }, /a field that is none of/],
    ['another detail type', { 'detail-type': 'order.placed' }, {}, /another detail type/],
    ['no detail', { detail: null }, {}, /no readable detail/],
    ['no time', { time: undefined }, {}, /no readable time/],
    ['a time of its own kind', { time: '15 June 2026' }, {}, /no readable time/],
    ['no event id', { id: '' }, {}, /no readable id/],
  ])('refuses an event with %s, and quotes nothing of it', (_, changes, detail, problem) => {
    const decoded = decodeEvent(requestedEvent(changes, detail));
    expect(decoded).toMatchObject({ ok: false, problem: expect.stringMatching(problem) as string });
    expect(JSON.stringify(decoded)).not.toMatch(/person|4711|xxx/);
  });

  it('never throws, whatever the text, and quotes nothing of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeDeletionRequest(text, arrival)).toMatchObject({ ok: false });
      }),
    );
    const values = fc.anything({ withBigInt: false });
    fc.assert(
      fc.property(values, values, (detail, time) => {
        const text = JSON.stringify(requestedEvent({ detail, time }));
        expect(decodeDeletionRequest(text, arrival)).toMatchObject({ ok: false });
      }),
    );
    expect(decodeDeletionRequest('{"token": "tok-4711"', arrival)).toEqual({
      ok: false,
      problem: 'The message has no readable JSON.',
    });
  });
});
