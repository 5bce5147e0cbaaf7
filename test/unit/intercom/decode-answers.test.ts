import { describe, expect, it } from 'vitest';
import { decodeContacts } from '#intercom/decode-contacts.ts';
import { decodeConversation } from '#intercom/decode-conversation.ts';
import { decodeDeletedPage } from '#intercom/decode-deleted-page.ts';
import { decodeNames } from '#intercom/decode-directory.ts';
import { DecodeError } from '#intercom/decode-error.ts';
import { decodeRefusal } from '#intercom/decode-refusal.ts';
import { decodeWorkspace } from '#intercom/decode-workspace.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { wireConversation } from '#support/wire-conversation.ts';

describe('decodeConversation', () => {
  const id = brandId<ConversationId>('471');

  it('takes only the conversation that was asked for', () => {
    expect(decodeConversation(wireConversation({ id: 471 }), id)).toMatchObject({ conversationId: '471' });
    for (const wire of [wireConversation({ id: '472' }), wireConversation({ id: null }), {}, null, []]) {
      expect(() => decodeConversation(wire, id)).toThrow(new DecodeError('id', 'the id that was asked for'));
    }
  });
});

describe('decodeDeletedPage', () => {
  const entry = { id: '512', metrics_retained: true, deleted_at: 1734537745 };
  const pageOf = (second: object) => ({ conversations: [entry, { ...entry, ...second }] });

  it.each([
    ['conversations[1].id', pageOf({ id: null })],
    ['conversations[1].deleted_at', pageOf({ deleted_at: 1734537745000 })],
    ['conversations[1].metrics_retained', pageOf({ metrics_retained: 'true' })],
    ['conversations', { data: [entry] }],
  ])('names %s when it cannot be read, and passes over nothing', (path, wire) => {
    expect(() => decodeDeletedPage(wire)).toThrow(
      expect.objectContaining({ name: 'DecodeError', path }) as DecodeError,
    );
  });

  it('knows no next page without one', () => {
    for (const pages of [undefined, null, {}, { next: null }, { next: '' }]) {
      expect(decodeDeletedPage({ conversations: [], pages }).hasNext).toBe(false);
    }
  });
});

describe('decodeNames', () => {
  it('leaves out what has no name, but not what has a name and no id', () => {
    expect(
      decodeNames('tags', { data: [{ id: '1', name: null }, 'strange', { id: 2, name: 'vip' }] }),
    ).toEqual([{ id: '2', name: 'vip' }]);
    expect(() => decodeNames('teams', { teams: [{ name: 'Legal' }] })).toThrow(
      new DecodeError('teams[0].id', 'an id'),
    );
  });

  it.each([null, [], {}, { data: {} }])('refuses %j, which holds no list', (wire) => {
    expect(() => decodeNames('tags', wire)).toThrow(new DecodeError('data', 'a list'));
  });
});

describe('decodeWorkspace', () => {
  it('needs no more than the id', () => {
    expect(decodeWorkspace({ app: { id_code: 'a86dr8yl' } })).toEqual({
      workspaceId: 'a86dr8yl',
      name: 'a86dr8yl',
      region: undefined,
    });
  });

  it.each([null, {}, { app: null }, { app: { id_code: '' } }, { app: { id_code: 'a b' } }])(
    'refuses %j',
    (wire) => {
      expect(() => decodeWorkspace(wire)).toThrow(new DecodeError('app.id_code', 'the id of a workspace'));
    },
  );
});

describe('decodeRefusal', () => {
  it.each([
    undefined,
    null,
    '<html>502</html>',
    { errors: [] },
    { errors: [{ code: 'Words with blanks, perhaps a name' }], request_id: 'and\nso on' },
    { errors: 'many', request_id: 7 },
  ])('keeps nothing of %j', (wire) => {
    expect(decodeRefusal(wire)).toEqual({ code: undefined, requestId: undefined });
  });
});

describe('decodeContacts', () => {
  const contact = { type: 'contact', id: '6762f0f3', email: 'ada@example.com', external_id: '70' };

  it('takes the contact that was asked for by its id, and nobody else', () => {
    expect(decodeContacts(contact, { by: 'id', value: '6762f0f3' })).toEqual(['6762f0f3']);
    for (const wire of [{ ...contact, id: '6762f0f4' }, {}, null, { data: [contact] }]) {
      expect(() => decodeContacts(wire, { by: 'id', value: '6762f0f3' })).toThrow(
        expect.objectContaining({ name: 'DecodeError', path: 'id' }) as DecodeError,
      );
    }
  });

  it('takes every contact with the address, in whatever case it is written', () => {
    const wire = { data: [contact, { ...contact, id: '6762f0f4', email: 'Ada@Example.com' }] };
    expect(decodeContacts(wire, { by: 'email', value: 'ADA@example.com' })).toEqual(['6762f0f3', '6762f0f4']);
    expect(decodeContacts({ data: [] }, { by: 'email', value: 'ada@example.com' })).toEqual([]);
  });

  it.each([
    ['data[1].email', { by: 'email', value: 'ada@example.com' }, { email: 'bob@example.com' }],
    ['data[1].email', { by: 'email', value: 'ada@example.com' }, { email: null }],
    ['data[1].external_id', { by: 'external_id', value: '70' }, { external_id: '71' }],
    ['data[1].id', { by: 'external_id', value: '70' }, { id: '' }],
  ] as const)(
    'refuses an answer in which %s is not what was asked for, and does not repeat it',
    (path, named, changes) => {
      const wire = { data: [contact, { ...contact, ...changes }] };
      const failure = expect(() => decodeContacts(wire, named));
      failure.toThrow(expect.objectContaining({ name: 'DecodeError', path }) as DecodeError);
      failure.not.toThrow(/@|7[01]/);
    },
  );
});
