import { PlatformError } from './platform-error.ts';

/** One message as Lambda hands it over from a queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  /** When the queue took it; milliseconds since 1970. */
  readonly sentAtMs: number;
  /** How often it has been handed over, this time included. */
  readonly receiveCount: number;
}

/** What Lambda takes as the answer to a batch: the rest of it is done with, and these come again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** @throws PlatformError `unreadable_event` for anything but a batch of messages of SQS. */
export function decodeSqsEvent(event: unknown): readonly QueueMessage[] {
  const { Records: records } = fieldsOf(event);
  if (!Array.isArray(records)) throw unreadable();
  return records.map(decodeRecord);
}

function decodeRecord(record: unknown): QueueMessage {
  const { messageId, body, attributes } = fieldsOf(record);
  const { SentTimestamp: sentAt, ApproximateReceiveCount: count } = fieldsOf(attributes);
  const sentAtMs = wholeNumber(sentAt);
  const receiveCount = wholeNumber(count);
  if (typeof messageId !== 'string' || typeof body !== 'string') throw unreadable();
  if (sentAtMs === undefined || receiveCount === undefined) throw unreadable();
  return { messageId, body, sentAtMs, receiveCount };
}

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const unreadable = () =>
  new PlatformError(
    'unreadable_event',
    'The event is no batch of messages of SQS; invoke the function through the event source mapping of its queue.',
  );
