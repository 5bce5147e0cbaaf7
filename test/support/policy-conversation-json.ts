import type { Facts } from '#policy/facts.ts';
import type { JsonObject } from './arbitrary-policy.ts';

/** A list item of Intercom 2.16 of which exactly these facts can be read. An unknown one is null, or missing where null says something. */
export function toConversationJson(facts: Facts): JsonObject {
  return {
    type: 'conversation',
    id: facts.conversationId,
    state: orNull(facts.state),
    created_at: seconds(facts.createdAt),
    updated_at: seconds(facts.updatedAt),
    waiting_since: seconds(facts.waitingSinceAt),
    ...(facts.tagIds && {
      tags: { type: 'tag.list', tags: facts.tagIds.map((id) => ({ type: 'tag', id })) },
    }),
    ...(facts.teamId && { team_assignee_id: assigned(facts.teamId) }),
    ...(facts.assigneeId && { admin_assignee_id: assigned(facts.assigneeId) }),
    source: {
      type: orNull(facts.channel),
      delivered_as: orNull(facts.initiatedBy),
      author: { type: orNull(facts.authorType) },
    },
    priority: orNull(facts.priority),
    read: orNull(facts.read),
    conversation_rating: facts.rating === undefined ? null : { rating: facts.rating },
    ...(facts.contactIds && {
      contacts: { type: 'contact.list', contacts: facts.contactIds.map((id) => ({ type: 'contact', id })) },
    }),
    ...(facts.companyId && {
      company: facts.companyId === 'none' ? null : { type: 'company', id: facts.companyId },
    }),
    ...(facts.attributes && { custom_attributes: facts.attributes }),
    ai_agent_participated: orNull(facts.aiParticipated),
    ai_agent: facts.aiResolution === undefined ? null : { resolution_state: facts.aiResolution },
    statistics: {
      last_contact_reply_at: seconds(facts.lastContactReplyAt),
      last_admin_reply_at: seconds(facts.lastAdminReplyAt),
      last_close_at: seconds(facts.lastClosedAt),
      count_conversation_parts: orNull(facts.parts),
    },
    ...(facts.hasTicket !== undefined && { ticket: facts.hasTicket ? { type: 'ticket', id: '1' } : null }),
  };
}

const orNull = <Value>(fact: Value | undefined): Value | null => fact ?? null;
const seconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1000);
const assigned = (id: string): number => (id === 'unassigned' ? 0 : Number(id));
