import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeConversation } from '#intercom/decode-conversation.ts';
import { decodeDeletedPage } from '#intercom/decode-deleted-page.ts';
import { decodeNames } from '#intercom/decode-directory.ts';
import { DecodeError } from '#intercom/decode-error.ts';
import { decodeFacts } from '#intercom/decode-facts.ts';
import { decodePage } from '#intercom/decode-page.ts';
import { decodeRefusal } from '#intercom/decode-refusal.ts';
import { decodeWorkspace } from '#intercom/decode-workspace.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { wireConversation } from '#support/wire-conversation.ts';

const fields = Object.keys(wireConversation());
const strange = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.double(), fc.bigInt().map(Number));

/** A conversation of which some fields, anywhere in it, are something else. */
const damagedConversation = fc
  .dictionary(fc.constantFrom(...fields), strange, { minKeys: 1 })
  .map((changes) => wireConversation(changes));

describe('decodeFacts', () => {
  it('never throws, whatever a field is', () => {
    fc.assert(
      fc.property(fc.oneof(damagedConversation, strange), (wire) => {
        expect(() => decodeFacts(wire)).not.toThrow();
      }),
    );
  });

  it('knows each fact as it was, or not at all, when fields are damaged', () => {
    const whole = decodeFacts(wireConversation());
    const damaged = fc.subarray(fields.filter((field) => field !== 'id'));
    const damage = fc.constantFrom(undefined, 7.5, [7], '\u0000');
    fc.assert(
      fc.property(damaged, damage, (names, value) => {
        const facts = decodeFacts(wireConversation(Object.fromEntries(names.map((name) => [name, value]))));
        const known = Object.entries(facts ?? {}).filter(([, fact]) => fact !== undefined);
        expect(whole).toMatchObject(Object.fromEntries(known));
        expect(known.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('decoders of answers', () => {
  const id = brandId<ConversationId>('471');
  const decoders = {
    decodePage: (wire: unknown) => decodePage(wire, undefined),
    decodeConversation: (wire: unknown) => decodeConversation(wire, id),
    decodeDeletedPage,
    decodeWorkspace,
    decodeNames: (wire: unknown) => decodeNames('tags', wire),
    decodeRefusal,
  };
  const almost = fc.record(
    {
      conversations: fc.oneof(strange, fc.array(fc.oneof(damagedConversation, strange))),
      data: strange,
      pages: fc.oneof(strange, fc.record({ next: strange })),
      total_count: strange,
      app: strange,
      errors: strange,
    },
    { requiredKeys: [] },
  );

  it.each(Object.entries(decoders))(
    '%s gives a value or a DecodeError that repeats nothing of the answer',
    (_name, decode) => {
      fc.assert(
        fc.property(fc.oneof(almost, strange), (wire) => {
          try {
            decode(wire);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
            expect((error as DecodeError).path).toMatch(/^[a-z_.[\]\d]*$/);
          }
        }),
      );
    },
  );
});
