import { describe, expect, it } from 'vitest';
import { DecodeError } from '#intercom/decode-error.ts';
import { decodePage } from '#intercom/decode-page.ts';
import { wireConversation } from '#support/wire-conversation.ts';

const nextOf = (pages: unknown, cursor?: string) => decodePage({ conversations: [], pages }, cursor).next;

describe('decodePage', () => {
  it('reads conversations, counts those without a readable id, and keeps the rest', () => {
    const conversations = [
      wireConversation(),
      wireConversation({ id: null }),
      'strange',
      wireConversation({ id: 472 }),
    ];
    const page = decodePage(
      { type: 'conversation.list', conversations, total_count: 4, pages: null },
      undefined,
    );
    expect(page.facts.map(({ conversationId }) => conversationId)).toEqual(['471', '472']);
    expect(page).toMatchObject({ unreadable: 2, total: 4, next: undefined });
  });

  it('finds the list under `data` as well, whatever `type` says', () => {
    for (const type of ['list', 'conversation.list', 'conversations.list', 7, undefined]) {
      expect(decodePage({ type, data: [wireConversation()] }, undefined).facts).toHaveLength(1);
    }
  });

  it.each([null, undefined, '40', -1, 1.5])('takes %j for no total', (total_count) => {
    expect(decodePage({ conversations: [], total_count }, undefined).total).toBeUndefined();
  });

  it.each([
    undefined,
    null,
    {},
    { next: null },
    { next: '' },
    { next: {} },
    { next: { starting_after: null } },
    { next: { per_page: 20, starting_after: '' } },
  ])('ends after %j', (pages) => {
    expect(nextOf(pages)).toBeUndefined();
  });

  it('goes on with a cursor, also when it comes in a URL', () => {
    expect(nextOf({ next: { per_page: 2, starting_after: 'WzE3XQ==' } })).toBe('WzE3XQ==');
    expect(
      nextOf({ next: 'https://api.intercom.io/conversations?per_page=2&starting_after=WzE3XQ%3D%3D' }),
    ).toBe('WzE3XQ==');
  });

  it.each([
    ['pages', 7],
    ['pages.next', { next: 7 }],
    ['pages.next', { next: ['cursor'] }],
    ['pages.next', { next: 'https://api.intercom.io/conversations?page=2' }],
    ['pages.next', { next: 'not a URL' }],
    ['pages.next.starting_after', { next: { starting_after: 7 } }],
  ])('does not take something unknown at %s for the end', (path, pages) => {
    expect(() => nextOf(pages)).toThrow(
      expect.objectContaining({ name: 'DecodeError', path }) as DecodeError,
    );
  });

  it('does not go in a circle', () => {
    expect(() => nextOf({ next: { starting_after: 'same' } }, 'same')).toThrow(DecodeError);
  });

  it.each([null, [], {}, 'text', { conversations: {} }])('refuses %j, which holds no list', (wire) => {
    expect(() => decodePage(wire, undefined)).toThrow(new DecodeError('conversations', 'a list'));
  });
});
