import { brandId, type ContactId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs, toIso } from '#policy/instant.ts';
import { idAt, parseJson, valueAt } from './read-json.ts';
import { decodeRequestedDeletion, type RequestedDeletion } from './requested-deletion.ts';

export const conversationTopics = [
  'conversation.admin.closed',
  'conversation_part.tag.created',
  'conversation.deleted',
] as const;
export const contactTopics = ['contact.deleted'] as const;
type ConversationTopic = (typeof conversationTopics)[number];
type ContactTopic = (typeof contactTopics)[number];

/** What an event is about. */
export type RequestSubject =
  | { readonly topic: ConversationTopic; readonly conversationId: ConversationId }
  | { readonly topic: ContactTopic; readonly contactId: ContactId };

/** Of one delivery of one notification. */
interface Delivery {
  readonly workspaceId: WorkspaceId;
  /** The same for every delivery of the same notification. */
  readonly notificationId: string;
  /** By the sender's clock: the same for every delivery as well. */
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
}

/** What a webhook asks to look at. */
export type WebhookRequest = RequestSubject & Delivery;

/**
 * A message of the queue: something happened, look whether a rule now wants a deletion. Only a hint with ids; the worker
 * reads the conversation itself. The same notification may arrive twice, late, or out of order.
 */
export type DeletionRequest = WebhookRequest | (RequestedDeletion & Delivery);

/** How a message came to the worker. */
export interface Arrival {
  /** The workspace that the worker is for. */
  readonly workspaceId: WorkspaceId;
  /** When the queue took the message. */
  readonly receivedAt: Instant;
}

export type DeletionRequestDecode =
  | { readonly ok: true; readonly request: DeletionRequest }
  /** One sentence that names the first field that is wrong and quotes nothing. */
  | { readonly ok: false; readonly problem: string };

/** As a text for the queue. */
export function toMessage(request: WebhookRequest): string {
  const subject =
    'contactId' in request ? { contact_id: request.contactId } : { conversation_id: request.conversationId };
  return JSON.stringify({
    version: 1,
    workspace_id: request.workspaceId,
    topic: request.topic,
    notification_id: request.notificationId,
    ...subject,
    occurred_at: toIso(request.occurredAt),
    received_at: toIso(request.receivedAt),
  });
}

/**
 * Reads a message of the queue: what `toMessage` wrote, or an event that EventBridge put there as it is. Never throws,
 * whatever the text.
 * @param arrival what such an event does not say itself
 */
export function decodeDeletionRequest(text: string, arrival: Arrival): DeletionRequestDecode {
  const json = parseJson(text);
  if (json === undefined) return without('JSON');
  return valueAt(json, 'detail-type') === undefined ? decodeWebhookRequest(json) : decodeEvent(json, arrival);
}

function decodeEvent(json: unknown, arrival: Arrival): DeletionRequestDecode {
  const notificationId = idAt(json, 'id');
  if (notificationId === undefined) return without('id');
  const occurredAt = secondAt(json, 'time');
  if (occurredAt === undefined) return without('time');
  const decoded = decodeRequestedDeletion(json);
  if (!decoded.ok) return decoded;
  const { requested, workspaceId = arrival.workspaceId } = decoded;
  const { receivedAt } = arrival;
  return { ok: true, request: { ...requested, workspaceId, notificationId, occurredAt, receivedAt } };
}

function decodeWebhookRequest(json: unknown): DeletionRequestDecode {
  if (valueAt(json, 'version') !== 1) return without('version');
  const workspaceId = idAt(json, 'workspace_id');
  if (workspaceId === undefined) return without('workspace_id');
  const notificationId = idAt(json, 'notification_id');
  if (notificationId === undefined) return without('notification_id');
  const occurredAt = instantAt(json, 'occurred_at');
  if (occurredAt === undefined) return without('occurred_at');
  const receivedAt = instantAt(json, 'received_at');
  if (receivedAt === undefined) return without('received_at');

  const common = {
    workspaceId: brandId<WorkspaceId>(workspaceId),
    notificationId,
    occurredAt,
    receivedAt,
  };
  const topic = valueAt(json, 'topic');
  const conversationTopic = conversationTopics.find((known) => known === topic);
  if (conversationTopic !== undefined) {
    const conversationId = idAt(json, 'conversation_id');
    if (conversationId === undefined) return without('conversation_id');
    return {
      ok: true,
      request: { ...common, topic: conversationTopic, conversationId: brandId(conversationId) },
    };
  }
  const contactTopic = contactTopics.find((known) => known === topic);
  if (contactTopic === undefined) return without('topic');
  const contactId = idAt(json, 'contact_id');
  if (contactId === undefined) return without('contact_id');
  return { ok: true, request: { ...common, topic: contactTopic, contactId: brandId(contactId) } };
}

/** Only as EventBridge writes it: `2026-06-15T12:00:00Z`. */
function secondAt(json: unknown, field: string): Instant | undefined {
  const text = valueAt(json, field);
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : instantFromMs(ms);
}

/** Only as `toIso` writes it. */
function instantAt(json: unknown, field: string): Instant | undefined {
  const text = valueAt(json, field);
  if (typeof text !== 'string') return undefined;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text ? instantFromMs(ms) : undefined;
}

const without = (field: string): DeletionRequestDecode => ({
  ok: false,
  problem: `The message has no readable ${field}.`,
});
