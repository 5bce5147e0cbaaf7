import { describe, expect, it } from 'vitest';
import { decodeFacts } from '#intercom/decode-facts.ts';
import type { Facts } from '#policy/facts.ts';
import { instantFromIso, instantFromSeconds } from '#policy/instant.ts';
import { type WireJson, wireConversation } from '#support/wire-conversation.ts';

const factOf = <Name extends keyof Facts>(name: Name, changes: WireJson): Facts[Name] | undefined =>
  decodeFacts(wireConversation(changes))?.[name];

describe('decodeFacts', () => {
  it('takes ids, states, times and counts from a conversation, and no text', () => {
    expect(decodeFacts(wireConversation())).toEqual({
      conversationId: '471',
      state: 'closed',
      createdAt: instantFromSeconds(1734537460),
      updatedAt: instantFromSeconds(1734537560),
      lastContactReplyAt: instantFromSeconds(1734537461),
      lastAdminReplyAt: instantFromSeconds(1734537462),
      lastClosedAt: instantFromSeconds(1734537463),
      waitingSinceAt: undefined,
      tagIds: ['123456'],
      teamId: '5017691',
      assigneeId: '991267715',
      channel: 'email',
      initiatedBy: 'customer_initiated',
      authorType: 'user',
      priority: 'none',
      read: true,
      rating: 5,
      contactIds: ['6762f0f31bb69f9f2193bb8b'],
      companyId: '531ee472cce572a6ec000006',
      attributes: { plan: 'pro', order_value: 300, contract_signed: true },
      aiParticipated: true,
      aiResolution: 'assumed_resolution',
      parts: 4,
      hasTicket: false,
    });
  });

  it.each([
    undefined,
    null,
    '',
    0,
    -5,
    1.5,
    2 ** 53,
    Number.NaN,
    '-5',
    '1.5',
    'a b',
    '../me',
    'x'.repeat(129),
    {},
    ['1'],
    true,
  ])('does not take %j for an id, and decodes no conversation without one', (id) => {
    expect(decodeFacts(wireConversation({ id }))).toBeUndefined();
  });

  it.each([
    ['215472856448646', '215472856448646'],
    [215472856448646, '215472856448646'],
    ['5ba682d23d7cf92bef87bfd4', '5ba682d23d7cf92bef87bfd4'],
  ])('takes %j for the id %s', (id, expected) => {
    expect(factOf('conversationId', { id })).toBe(expected);
  });

  describe('times', () => {
    it.each([undefined, null, 0, -1, 1.5, 1734537460000, '1734537460', 'yesterday', '2024-12-18', {}, true])(
      'does not take %j for a time',
      (created_at) => {
        expect(factOf('createdAt', { created_at })).toBeUndefined();
      },
    );

    it('reads the ISO 8601 text of statistics up to 2.14', () => {
      const statistics = {
        last_close_at: '2024-12-18T15:57:40Z',
        last_admin_reply_at: '2024-12-18T17:57:40.000+02:00',
      };
      const expected = instantFromIso('2024-12-18T15:57:40Z');
      expect(factOf('lastClosedAt', { statistics })).toBe(expected);
      expect(factOf('lastAdminReplyAt', { statistics })).toBe(expected);
    });
  });

  describe('assignees', () => {
    it.each([null, 0, '0'])('takes %j for nobody, in every version', (nobody) => {
      expect(factOf('teamId', { team_assignee_id: nobody })).toBe('unassigned');
      expect(factOf('assigneeId', { admin_assignee_id: nobody })).toBe('unassigned');
    });

    it.each([undefined, -1, 'the team', {}, [5017691]])('takes %j for unknown', (strange) => {
      expect(factOf('teamId', { team_assignee_id: strange })).toBeUndefined();
      expect(factOf('assigneeId', { admin_assignee_id: strange })).toBeUndefined();
    });

    it('reads the same id from text and from a number', () => {
      expect(factOf('teamId', { team_assignee_id: '5017691' })).toBe('5017691');
    });
  });

  describe('tags and contacts', () => {
    it('knows that there are none', () => {
      expect(factOf('tagIds', { tags: { tags: [] } })).toEqual([]);
      expect(factOf('contactIds', { contacts: { contacts: [] } })).toEqual([]);
    });

    it.each([
      undefined,
      null,
      [],
      {},
      { tags: null },
      { tags: {} },
      { tags: [{ id: '1' }, { name: 'no id' }] },
      { tags: ['1'] },
    ])('does not know the tags of %j: one that is missing could be the one that protects', (tags) => {
      expect(factOf('tagIds', { tags })).toBeUndefined();
    });

    it('does not know the contacts when one of them has no readable id', () => {
      expect(factOf('contactIds', { contacts: { contacts: [{ id: '1' }, { id: null }] } })).toBeUndefined();
    });
  });

  it.each([
    ['none', 'none'],
    ['low', 'low'],
    ['medium', 'medium'],
    ['high', 'high'],
    ['urgent', 'urgent'],
    ['not_priority', 'none'],
    ['priority', 'unspecified'],
    ['PRIORITY', undefined],
    [null, undefined],
    [{}, undefined],
  ])('takes the priority %j for %s', (priority, expected) => {
    expect(factOf('priority', { priority })).toBe(expected);
  });

  it.each([null, undefined, 'archived', 'CLOSED', false, {}])('does not take %j for a state', (state) => {
    expect(factOf('state', { state })).toBeUndefined();
  });

  it.each([0, 6, 2.5, '5', null, {}])('does not take %j for a rating', (rating) => {
    expect(factOf('rating', { conversation_rating: { rating } })).toBeUndefined();
  });

  it.each([-1, 1.5, '4', null])('does not take %j for a number of parts', (count) => {
    expect(factOf('parts', { statistics: { count_conversation_parts: count } })).toBeUndefined();
  });

  it('tells no company from one that it does not know', () => {
    expect(factOf('companyId', { company: null })).toBe('none');
    expect(factOf('companyId', { company: undefined })).toBeUndefined();
    expect(factOf('companyId', { company: { name: 'Blue Sun' } })).toBeUndefined();
  });

  it('keeps custom attributes that have a value, whatever they are called', () => {
    const custom_attributes: unknown = JSON.parse(
      '{"__proto__": "mine", "empty": "", "gone": null, "list": [1], "n": 0}',
    );
    const attributes = factOf('attributes', { custom_attributes });
    expect(Object.entries(attributes ?? {})).toEqual([
      ['__proto__', 'mine'],
      ['empty', ''],
      ['n', 0],
    ]);
    expect(factOf('attributes', { custom_attributes: [] })).toBeUndefined();
  });

  describe('tickets', () => {
    const linked = (data: readonly unknown[]) => ({ type: 'list', data, has_more: false });

    it('knows one by its own object and by a linked one', () => {
      expect(factOf('hasTicket', { ticket: { type: 'ticket', id: '1' } })).toBe(true);
      expect(factOf('hasTicket', { linked_objects: linked([{ type: 'ticket', id: '1' }]) })).toBe(true);
    });

    it('knows that there is none from a null, and links of which none is a ticket', () => {
      expect(factOf('hasTicket', { ticket: null, linked_objects: linked([]) })).toBe(false);
      const conversation = { type: 'conversation', id: '1' };
      expect(factOf('hasTicket', { ticket: null, linked_objects: linked([conversation]) })).toBe(false);
    });

    it.each([
      undefined,
      null,
      {},
      { data: null },
      { data: ['strange'] },
      { data: [{ id: '1' }] },
      { data: [], has_more: true },
    ])('does not know when the links are %j', (linked_objects) => {
      expect(factOf('hasTicket', { ticket: null, linked_objects })).toBeUndefined();
    });

    it.each([undefined, 0, '', 'none', []])('does not know when the ticket is %j', (ticket) => {
      expect(factOf('hasTicket', { ticket })).toBeUndefined();
    });
  });

  it.each(['source', 'statistics', 'ai_agent', 'conversation_rating', 'contacts', 'tags', 'linked_objects'])(
    'decodes the rest when %s is of a strange type',
    (field) => {
      for (const strange of [null, 7, 'text', [], true]) {
        const facts = decodeFacts(wireConversation({ [field]: strange }));
        expect(facts).toMatchObject({ conversationId: '471', state: 'closed', teamId: '5017691' });
      }
    },
  );
});
