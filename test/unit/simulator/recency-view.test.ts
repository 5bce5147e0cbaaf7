import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '#simulator/conversation.ts';
import { handmadeConversation } from '#simulator/handmade-conversation.ts';
import { recencyView } from '#simulator/recency-view.ts';
import { staffOf } from '#simulator/staff.ts';

const staff = staffOf({});

const made = (id: number, updatedAt: number): Conversation =>
  handmadeConversation({ updatedAt, state: updatedAt % 3 === 0 ? 'open' : 'closed' }, id, staff);

const newestFirst = (conversations: Iterable<Conversation>) =>
  [...conversations]
    .toSorted((left, right) => right.updatedAt - left.updatedAt || right.id - left.id)
    .map(({ id }) => id);

describe('recencyView', () => {
  it('shows after any changes what sorting the conversations that match anew would show', () => {
    const changes = fc.array(fc.record({ id: fc.nat(30), updatedAt: fc.option(fc.nat(50)) }), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 31 }), changes, fc.nat(50), (times, steps, from) => {
        const matches = ({ state }: Conversation) => state === 'closed';
        const current = new Map(times.map((updatedAt, id) => [id, made(id, updatedAt)]));
        const view = recencyView(matches, current.values());
        for (const { id, updatedAt } of steps) {
          const before = current.get(id);
          if (before === undefined) continue;
          before.listed = false;
          const after = updatedAt === null ? undefined : made(id, updatedAt);
          if (after === undefined) current.delete(id);
          else current.set(id, after);
          view.replace(before, after);
        }
        const matching = [...current.values()].filter(matches);
        const position = { updatedAt: from, id: 10 };
        const after = matching.filter(
          ({ updatedAt, id }) => updatedAt < from || (updatedAt === from && id < 10),
        );
        expect(view.size).toBe(matching.length);
        expect(view.pageAfter(undefined, 1000).map(({ id }) => id)).toEqual(newestFirst(matching));
        expect(view.pageAfter(position, 7).map(({ id }) => id)).toEqual(newestFirst(after).slice(0, 7));
      }),
      { numRuns: 500 },
    );
  });

  it('does not grow with the changes that it has seen', () => {
    let conversation = made(1, 1);
    const view = recencyView(() => true, [conversation]);
    for (let updatedAt = 2; updatedAt < 20_000; updatedAt += 1) {
      const after = made(1, updatedAt);
      conversation.listed = false;
      view.replace(conversation, after);
      conversation = after;
    }
    expect(view.entries).toBeLessThan(2000);
    expect(view.pageAfter(undefined, 10)).toEqual([conversation]);
  });
});
