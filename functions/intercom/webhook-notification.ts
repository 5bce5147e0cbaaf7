import * as z from 'zod/mini';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { contactTopics, conversationTopics, type RequestSubject } from '#sweep/deletion-request.ts';
import { parseJson } from '#sweep/parse-json.ts';

/** What is taken from a notification: ids and the topic. Everything else in it is personal, or stale. */
export type Notification = { readonly workspaceId: WorkspaceId } & (
  | { readonly kind: 'ping' }
  /** A topic that nothing here serves. */
  | { readonly kind: 'other'; readonly topic: string }
  | {
      readonly kind: 'event';
      /** The same for every delivery of the same notification. */
      readonly notificationId: string;
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
  if (text === undefined) return { ok: false, unreadable: 'utf8' };
  const json = parseJson(text);
  if (json === undefined) return { ok: false, unreadable: 'json' };
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return unreadable(envelope.error);
  const { topic, app_id } = envelope.data;
  const workspaceId = brandId<WorkspaceId>(app_id);
  if (topic === 'ping') return { ok: true, notification: { kind: 'ping', workspaceId } };
  if (!servedTopics.has(topic)) return { ok: true, notification: { kind: 'other', workspaceId, topic } };
  const event = eventSchema.safeParse(json);
  if (!event.success) return unreadable(event.error);
  const { id: notificationId } = event.data;
  const subject = toSubject(event.data);
  return { ok: true, notification: { kind: 'event', workspaceId, notificationId, subject } };
}

const servedTopics: ReadonlySet<string> = new Set([...conversationTopics, ...contactTopics]);

/** Long enough for every id that Intercom gives, too strict for an address or a text. Some versions send numbers. */
const id = z.pipe(
  z.union([z.string().check(z.regex(/^[\w-]{1,128}$/)), z.int().check(z.positive())]),
  z.transform(String),
);

/** Of every topic. A ping has a null `id`. */
const envelopeSchema = z.object({ app_id: id, topic: z.string().check(z.regex(/^[\w.]{1,100}$/)) });

const conversationItem = z.object({ type: z.optional(z.literal('conversation')), id });
/**
 * The documented object of `conversation_part.tag.created` is a part; what has been seen on the wire is the conversation
 * with the part in it. Both are taken; the id of a part itself never.
 */
const partItem = z.object({ type: z.literal('conversation_part'), conversation: z.object({ id }) });
const contactItem = z.object({ type: z.optional(z.enum(['contact', 'user', 'lead'])), id });

const eventSchema = z.discriminatedUnion('topic', [
  z.object({
    id,
    topic: z.enum(conversationTopics),
    data: z.object({ item: z.union([conversationItem, partItem]) }),
  }),
  z.object({ id, topic: z.enum(contactTopics), data: z.object({ item: contactItem }) }),
]);

function toSubject(event: z.infer<typeof eventSchema>): RequestSubject {
  if (event.topic === 'contact.deleted') {
    return { topic: event.topic, contactId: brandId(event.data.item.id) };
  }
  const { item } = event.data;
  const conversationId = 'conversation' in item ? item.conversation.id : item.id;
  return { topic: event.topic, conversationId: brandId(conversationId) };
}

const unreadable = (error: z.core.$ZodError): NotificationDecode => ({
  ok: false,
  unreadable: error.issues[0]?.path.join('.') || 'notification',
});

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
