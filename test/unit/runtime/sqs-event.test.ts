import { describe, expect, it } from 'vitest';
import { decodeSqsEvent } from '#runtime/sqs-event.ts';
import { sqsEvent } from '#support/event-worker.ts';

describe('decodeSqsEvent', () => {
  it('takes id, body, time and count of each message, in their order', () => {
    const attributes = {
      ...sqsEvent(['']).Records[0]!.attributes,
      SentTimestamp: '1781524800000',
      ApproximateReceiveCount: '3',
    };
    expect(decodeSqsEvent(sqsEvent(['first', 'second'], { attributes }))).toEqual([
      { messageId: 'message-0', body: 'first', sentAtMs: 1_781_524_800_000, receiveCount: 3 },
      { messageId: 'message-1', body: 'second', sentAtMs: 1_781_524_800_000, receiveCount: 3 },
    ]);
  });

  it.each([
    ['nothing', null],
    ['something else', { requestContext: {} }],
    ['a message without a body', { Records: [{ ...sqsEvent(['']).Records[0], body: undefined }] }],
    ['a message without an id', { Records: [{ ...sqsEvent(['']).Records[0], messageId: 7 }] }],
    ['a message without attributes', { Records: [{ ...sqsEvent(['']).Records[0], attributes: {} }] }],
  ])('refuses %s', (_, event) => {
    expect(() => decodeSqsEvent(event)).toThrow(
      expect.objectContaining({ code: 'unreadable_event' }) as Error,
    );
  });
});
