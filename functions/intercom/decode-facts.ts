import { type AttributeValue, conversationStates, type Facts, type Priority } from '#policy/facts.ts';
import type { AdminId, CompanyId, ContactId, ConversationId, TagId, TeamId } from '#policy/ids.ts';
import { asArray, asBoolean, asCount, asId, asIds, asObject, asText, asTime } from './wire-value.ts';

/**
 * What the policy may look at in a conversation, in the shapes of 2.7 to 2.17, Preview and Unstable. A field that cannot be
 * read is an unknown fact.
 * @returns undefined when not even the id can be read.
 */
export function decodeFacts(wire: unknown): Facts | undefined {
  const conversation = asObject(wire);
  const conversationId = asId<ConversationId>(conversation?.['id']);
  if (conversation === undefined || conversationId === undefined) return undefined;
  const source = asObject(conversation['source']);
  const statistics = asObject(conversation['statistics']);
  const state = conversation['state'];
  return {
    conversationId,
    state: conversationStates.find((known) => known === state),
    createdAt: asTime(conversation['created_at']),
    updatedAt: asTime(conversation['updated_at']),
    lastContactReplyAt: asTime(statistics?.['last_contact_reply_at']),
    lastAdminReplyAt: asTime(statistics?.['last_admin_reply_at']),
    lastClosedAt: asTime(statistics?.['last_close_at']),
    waitingSinceAt: asTime(conversation['waiting_since']),
    tagIds: asIds<TagId>(asObject(conversation['tags'])?.['tags']),
    teamId: decodeAssignee<TeamId>(conversation['team_assignee_id']),
    assigneeId: decodeAssignee<AdminId>(conversation['admin_assignee_id']),
    channel: asText(source?.['type']),
    initiatedBy: asText(source?.['delivered_as']),
    authorType: asText(asObject(source?.['author'])?.['type']),
    priority: decodePriority(conversation['priority']),
    read: asBoolean(conversation['read']),
    rating: decodeRating(asObject(conversation['conversation_rating'])?.['rating']),
    contactIds: asIds<ContactId>(asObject(conversation['contacts'])?.['contacts']),
    companyId: decodeCompany(conversation['company']),
    attributes: decodeAttributes(conversation['custom_attributes']),
    aiParticipated: asBoolean(conversation['ai_agent_participated']),
    aiResolution: asText(asObject(conversation['ai_agent'])?.['resolution_state']),
    parts: asCount(statistics?.['count_conversation_parts']),
    hasTicket: decodeHasTicket(conversation['ticket'], conversation['linked_objects']),
  };
}

/** Nobody is null up to 2.15 and 0 from 2.16. */
function decodeAssignee<Id extends string>(value: unknown): Id | 'unassigned' | undefined {
  if (value === null || value === 0 || value === '0') return 'unassigned';
  return asId<Id>(value);
}

const priorities: ReadonlyMap<unknown, Priority> = new Map([
  ['none', 'none'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['urgent', 'urgent'],
  // The words up to 2.15.
  ['not_priority', 'none'],
  ['priority', 'unspecified'],
]);

const decodePriority = (value: unknown): Priority | undefined => priorities.get(value);

function decodeRating(value: unknown): number | undefined {
  const rating = asCount(value);
  return rating !== undefined && rating >= 1 && rating <= 5 ? rating : undefined;
}

const decodeCompany = (value: unknown): CompanyId | 'none' | undefined =>
  value === null ? 'none' : asId<CompanyId>(asObject(value)?.['id']);

function decodeAttributes(value: unknown): Readonly<Record<string, AttributeValue>> | undefined {
  const attributes = asObject(value);
  if (attributes === undefined) return undefined;
  // Object.fromEntries, unlike an assignment, is safe with a name such as __proto__.
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, AttributeValue] => isScalar(entry[1])),
  );
}

const isScalar = (value: unknown): value is AttributeValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/**
 * A conversation is a ticket, or is linked to one. That it is neither must be said twice: by `ticket: null` and by a complete list of
 * links. Every version in use sends both.
 */
function decodeHasTicket(ticket: unknown, linked: unknown): boolean | undefined {
  const links = asObject(linked);
  const types = asArray(links?.['data'])?.map((link) => asText(asObject(link)?.['type']));
  if (asObject(ticket) !== undefined || types?.includes('ticket') === true) return true;
  const isComplete = types?.includes(undefined) === false && links?.['has_more'] !== true;
  return ticket === null && isComplete ? false : undefined;
}
