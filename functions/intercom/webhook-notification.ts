import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromSeconds } from '#policy/instant.ts';
import { contactTopics, conversationTopics, type RequestSubject } from '#sweep/deletion-request.ts';
import { idAt, parseJson, valueAt } from '#sweep/read-json.ts';

/** What is taken from a notification: ids and the topic. Everything else in it is personal, or stale. */
export type Notification = { readonly workspaceId: WorkspaceId } & (
  | { readonly kind: 'ping' }
  /** A topic that nothing here serves. */
  | { readonly kind: 'other'; readonly topic: string }
  | {
      readonly kind: 'event';
      /** The same for every delivery of the same notification. */
      readonly notificationId: string;
      /** By Intercom's clock, to the second; undefined when the notification does not say. */
      readonly createdAt: Instant | undefined;
      readonly subject: RequestSubject;
    }
);

export type NotificationDecode =
  | { readonly ok: true; readonly notification: Notification }
  /** The first thing that cannot be read: `utf8`, `json`, or the path of a field. Quotes nothing. */
  | { readonly ok: false; readonly unreadable: string };

/**
 * Decodes the body of a notification whose signature fits. Never throws, whatever the bytes.
 *
 * Only what is needed is looked at, since the rest of the object differs between API versions.
 */
export function decodeNotification(body: Uint8Array): NotificationDecode {
  const text = utf8Text(body);
  if (text === undefined) return unreadable('utf8');
  const json = parseJson(text);
  if (json === undefined) return unreadable('json');
  const appId = idAt(json, 'app_id');
  if (appId === undefined) return unreadable('app_id');
  const topic = valueAt(json, 'topic');
  if (typeof topic !== 'string' || !/^[\w.]{1,100}$/.test(topic)) return unreadable('topic');

  const workspaceId = brandId<WorkspaceId>(appId);
  if (topic === 'ping') return { ok: true, notification: { kind: 'ping', workspaceId } };
  const subject = decodeSubject(topic, valueAt(json, 'data', 'item'));
  if (subject === 'unserved') return { ok: true, notification: { kind: 'other', workspaceId, topic } };
  if (subject === undefined) return unreadable('data.item');
  const notificationId = idAt(json, 'id'); // not sooner: a ping has none
  if (notificationId === undefined) return unreadable('id');
  const createdAt = secondsAt(json, 'created_at');
  return { ok: true, notification: { kind: 'event', workspaceId, notificationId, createdAt, subject } };
}

function decodeSubject(topic: string, item: unknown): RequestSubject | 'unserved' | undefined {
  const conversationTopic = conversationTopics.find((served) => served === topic);
  if (conversationTopic !== undefined) {
    const conversationId = conversationIdOf(item);
    return conversationId === undefined
      ? undefined
      : { topic: conversationTopic, conversationId: brandId(conversationId) };
  }
  const contactTopic = contactTopics.find((served) => served === topic);
  if (contactTopic === undefined) return 'unserved';
  const contactId = contactIdOf(item);
  return contactId === undefined ? undefined : { topic: contactTopic, contactId: brandId(contactId) };
}

/**
 * The documented object of `conversation_part.tag.created` is a part; what has been seen on the wire is the conversation
 * with the part in it. Both are taken; the id of a part itself is never taken for a conversation's.
 */
function conversationIdOf(item: unknown): string | undefined {
  switch (valueAt(item, 'type')) {
    case 'conversation_part':
      return idAt(item, 'conversation', 'id') ?? idAt(item, 'conversation_id');
    case 'conversation':
    case undefined:
      return idAt(item, 'id');
    default:
      return undefined;
  }
}

/** The year 9999: what is written in ISO 8601 has four digits for it. */
const latestSecond = 253_402_300_800;

/** What Intercom calls a contact depends on its role and on the API version. */
const contactTypes: readonly unknown[] = ['contact', 'user', 'lead', undefined];

const contactIdOf = (item: unknown): string | undefined =>
  contactTypes.includes(valueAt(item, 'type')) ? idAt(item, 'id') : undefined;

function secondsAt(json: unknown, field: string): Instant | undefined {
  const value = valueAt(json, field);
  const isTime = typeof value === 'number' && Number.isInteger(value) && value > 0 && value < latestSecond;
  return isTime ? instantFromSeconds(value) : undefined;
}

const unreadable = (place: string): NotificationDecode => ({ ok: false, unreadable: place });

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
