import * as z from 'zod/mini';
import { brandId, type ContactId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromIso, toIso } from '#policy/instant.ts';
import { parseJson } from './parse-json.ts';

export const conversationTopics = [
  'conversation.admin.closed',
  'conversation_part.tag.created',
  'conversation.deleted',
] as const;
export const contactTopics = ['contact.deleted'] as const;

/** What an event is about. */
export type RequestSubject =
  | { readonly topic: (typeof conversationTopics)[number]; readonly conversationId: ConversationId }
  | { readonly topic: (typeof contactTopics)[number]; readonly contactId: ContactId };

/**
 * A message of the queue: something happened, look whether a rule now wants a deletion. Only a hint with ids; the worker
 * reads the conversation itself. The same notification may arrive twice, late, or out of order.
 */
export type DeletionRequest = RequestSubject & {
  readonly workspaceId: WorkspaceId;
  /** The same for every delivery of the same notification. */
  readonly notificationId: string;
  readonly receivedAt: Instant;
};

export type DeletionRequestDecode =
  | { readonly ok: true; readonly request: DeletionRequest }
  /** One sentence that names the first field that is wrong and quotes nothing. */
  | { readonly ok: false; readonly problem: string };

/** As a text for the queue. */
export const toMessage = (request: DeletionRequest): string => JSON.stringify(toWire(request));

function toWire(request: DeletionRequest): Message {
  const common = {
    version: 1,
    workspace_id: request.workspaceId,
    notification_id: request.notificationId,
    received_at: toIso(request.receivedAt),
  } as const;
  return 'contactId' in request
    ? { ...common, topic: request.topic, contact_id: request.contactId }
    : { ...common, topic: request.topic, conversation_id: request.conversationId };
}

/** Never throws, whatever the text. */
export function decodeDeletionRequest(text: string): DeletionRequestDecode {
  const read = messageSchema.safeParse(parseJson(text));
  if (!read.success) {
    const path = read.error.issues[0]?.path.join('.') || 'JSON';
    return { ok: false, problem: `The message has no readable ${path}.` };
  }
  return { ok: true, request: toRequest(read.data) };
}

/** Long enough for every id that Intercom gives, too strict for an address or a text. */
const idSchema = z.string().check(z.regex(/^[\w-]{1,128}$/));
const envelope = {
  version: z.literal(1),
  workspace_id: idSchema,
  notification_id: idSchema,
  received_at: z.iso.datetime(),
};
const messageSchema = z.discriminatedUnion('topic', [
  z.object({ ...envelope, topic: z.enum(conversationTopics), conversation_id: idSchema }),
  z.object({ ...envelope, topic: z.enum(contactTopics), contact_id: idSchema }),
]);
type Message = z.infer<typeof messageSchema>;

function toRequest(message: Message): DeletionRequest {
  const common = {
    workspaceId: brandId<WorkspaceId>(message.workspace_id),
    notificationId: message.notification_id,
    receivedAt: instantFromIso(message.received_at),
  };
  return 'contact_id' in message
    ? { ...common, topic: message.topic, contactId: brandId(message.contact_id) }
    : { ...common, topic: message.topic, conversationId: brandId(message.conversation_id) };
}
