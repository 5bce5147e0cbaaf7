import { describe, expect, it } from 'vitest';
import { type LocalMessage, localRequestQueue } from '#cli/local-request-queue.ts';
import { brandId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import { testNow } from '#support/facts.ts';

const requestFor = (id: string) => ({
  topic: 'conversation.admin.closed' as const,
  conversationId: brandId<ConversationId>(id),
  workspaceId: brandId<WorkspaceId>('a86dr8yl'),
  notificationId: `notif_${id}`,
  occurredAt: testNow,
  receivedAt: testNow,
});
const { signal } = new AbortController();
const idIn = ({ body }: LocalMessage): string => JSON.parse(body).conversation_id;

describe('localRequestQueue', () => {
  it('hands out one message after the other, in their order, and is idle after the last', async () => {
    const events: string[] = [];
    const queue = localRequestQueue(
      async (message) => {
        events.push(`begin ${idIn(message)}`);
        await new Promise((resolve) => setImmediate(resolve));
        events.push(`end ${idIn(message)}`);
        return true;
      },
      () => events.push('gave up'),
    );
    await Promise.all([queue.put(requestFor('1'), signal), queue.put(requestFor('2'), signal)]);
    await queue.idle();
    expect(events).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('hands a message out again until it is done with, and gives it up after the fifth time', async () => {
    const received: number[] = [];
    const givenUp: number[] = [];
    const queue = localRequestQueue(
      (message) => {
        received.push(message.receiveCount);
        return Promise.resolve(idIn(message) === '2' && message.receiveCount === 2);
      },
      ({ receiveCount }) => givenUp.push(receiveCount),
    );
    await queue.put(requestFor('1'), signal);
    await queue.put(requestFor('2'), signal);
    await queue.idle();
    expect(received).toEqual([1, 2, 3, 4, 5, 1, 2]);
    expect(givenUp).toEqual([5]);
  });
});
