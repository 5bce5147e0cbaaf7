import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNotification } from '#intercom/webhook-notification.ts';
import { conversationItem, notification, testWorkspace } from '#support/webhook-events.ts';

const decode = (body: unknown) => decodeNotification(Buffer.from(JSON.stringify(body)));

const numericId = fc.integer({ min: 1 });
const id = fc.oneof(numericId, numericId.map(String), fc.stringMatching(/^[\w-]{1,128}$/));

const partItem = (conversationId: unknown) => ({
  type: 'conversation_part',
  id: '331786931',
  body: 'A text of a person',
  conversation: { type: 'conversation', id: conversationId },
});

describe('decodeNotification', () => {
  it.each(['conversation.admin.closed', 'conversation.deleted', 'conversation_part.tag.created'])(
    'takes the ids and nothing else out of %s, be the item a conversation or a part of one',
    (topic) => {
      fc.assert(
        fc.property(
          id,
          id,
          fc.constantFrom('whole', 'bare', 'part', 'part with an id'),
          (notificationId, conversationId, form) => {
            const items = {
              whole: conversationItem({ id: conversationId }),
              bare: { id: conversationId },
              part: partItem(conversationId),
              'part with an id': { type: 'conversation_part', id: '9', conversation_id: conversationId },
            };
            const decoded = decode(notification({ topic, id: notificationId, item: items[form] }));
            expect(decoded).toEqual({
              ok: true,
              notification: {
                kind: 'event',
                workspaceId: testWorkspace,
                notificationId: String(notificationId),
                createdAt: 1_734_537_561_000,
                subject: { topic, conversationId: String(conversationId) },
              },
            });
          },
        ),
      );
    },
  );

  it.each(['contact', 'user', 'lead', undefined])(
    'takes the contact out of contact.deleted of a %s',
    (type) => {
      const item = { type, id: '65f642bf674b9af4e9e46dd1', deleted: true, email: 'person@example.test' };
      expect(decode(notification({ topic: 'contact.deleted', id: 'notif_1', item }))).toEqual({
        ok: true,
        notification: {
          kind: 'event',
          workspaceId: testWorkspace,
          notificationId: 'notif_1',
          createdAt: 1_734_537_561_000,
          subject: { topic: 'contact.deleted', contactId: '65f642bf674b9af4e9e46dd1' },
        },
      });
    },
  );

  it('knows a ping, which has no id', () => {
    expect(decode(notification({ topic: 'ping', id: null, item: { type: 'ping' } }))).toEqual({
      ok: true,
      notification: { kind: 'ping', workspaceId: testWorkspace },
    });
  });

  it.each([undefined, null, '1734537561', -1, 1.5, 1e15])(
    'knows no time when created_at is %j',
    (created_at) => {
      const body = { ...notification({ id: 'notif_1' }), created_at };
      expect(decode(body)).toMatchObject({ ok: true, notification: { kind: 'event', createdAt: undefined } });
    },
  );

  it('names the topic of what nobody serves, whatever its item is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (item) => {
        const decoded = decode(notification({ topic: 'conversation.user.replied', item }));
        expect(decoded).toEqual({
          ok: true,
          notification: { kind: 'other', workspaceId: testWorkspace, topic: 'conversation.user.replied' },
        });
      }),
    );
  });

  it.each([
    ['the path of a wrong app_id', notification({ appId: null }), 'app_id'],
    ['the path of a wrong topic', notification({ topic: 7 }), 'topic'],
    ['the path of a missing notification id', notification({ id: null }), 'id'],
    [
      'the item when it is another thing than the topic says',
      notification({ item: { type: 'contact', id: '1' } }),
      'data.item',
    ],
    [
      'the item of a part that does not say its conversation',
      notification({ item: { type: 'conversation_part', id: '1' } }),
      'data.item',
    ],
    [
      'the item when an address stands in place of a contact id',
      notification({ topic: 'contact.deleted', item: { id: 'person@example.test' } }),
      'data.item',
    ],
  ])('names %s', (_, body, unreadable) => {
    expect(decode(body)).toEqual({ ok: false, unreadable });
  });

  it('never throws, whatever the bytes, and calls no bytes of a stranger an event', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        (bytes) => {
          expect(decodeNotification(bytes)).toMatchObject({ ok: false });
        },
      ),
    );
  });
});
