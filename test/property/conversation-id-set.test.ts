import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { ConversationIdSet } from '#sweep/conversation-id-set.ts';

const ids = fc
  .oneof(
    fc.nat(300).map(String),
    fc.maxSafeNat().map(String),
    fc.integer({ min: 0, max: 40 }).map((n) => String(2 ** 53 + n)),
    fc.constantFrom('007', '0', '1e3', '-1', 'abc', '5ba682d23d7cf92bef87bfd4'),
  )
  .map((id) => brandId<ConversationId>(id));

describe('ConversationIdSet', () => {
  it('tells new ids from known ones exactly as a set of strings does', () => {
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 3000, size: 'max' }), (added) => {
        const ours = new ConversationIdSet();
        const reference = new Set<string>();
        for (const id of added) {
          const isNew = !reference.has(id);
          reference.add(id);
          expect(ours.add(id)).toBe(isNew);
        }
        expect(ours.size).toBe(reference.size);
      }),
    );
  });
});
