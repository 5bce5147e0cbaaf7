import type { AiAgent, Conversation, Rating } from './conversation.ts';
import {
  bodyOf, companyId, companyName, contactEmail, contactId, contactName, externalId, remarkOf, subjectOf, titleOf,
} from './personal-data.ts'; // biome-ignore format: a list of names
import type { Staff } from './staff.ts';

/** The list item of 2.16: everything but the parts. */
export function renderConversation(
  conversation: Conversation,
  workspace: RenderContext,
): Record<string, unknown> {
  const { id, sourceType } = conversation;
  return {
    type: 'conversation',
    id: String(id),
    title: id % 3 === 0 ? titleOf(id) : null,
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    waiting_since: conversation.waitingSince,
    snoozed_until: conversation.snoozedUntil,
    source: {
      type: sourceType,
      id: String(400_000_000 + (id % 90_000_000)),
      delivered_as: conversation.deliveredAs,
      subject: sourceType === 'email' ? subjectOf(id) : '',
      body: bodyOf(id),
      author: authorOf(conversation, workspace.staff),
      attachments: [],
      url: sourceType === 'conversation' ? `https://app.example.com/page/${id % 50}` : null,
      redacted: false,
    },
    contacts: {
      type: 'contact.list',
      contacts: conversation.contactNumbers.map(contactReference),
    },
    first_contact_reply:
      conversation.statistics?.first_contact_reply_at == null
        ? null
        : { created_at: conversation.statistics.first_contact_reply_at, type: 'conversation', url: null },
    admin_assignee_id: conversation.adminId,
    team_assignee_id: conversation.teamId,
    company: conversation.companyNumber === 0 ? null : companyOf(conversation, workspace),
    // A snoozed conversation is open work.
    open: conversation.state !== 'closed',
    state: conversation.state,
    read: conversation.read,
    tags: {
      type: 'tag.list',
      tags: conversation.tags.map(({ id: tagId, name }) => ({ type: 'tag', id: tagId, name })),
    },
    priority: conversation.priority,
    sla_applied: null,
    statistics: conversation.statistics,
    conversation_rating: conversation.rating === null ? null : renderRating(conversation.rating, id),
    teammates:
      conversation.teammateIds.length === 0
        ? null
        : {
            type: 'admin.list',
            teammates: conversation.teammateIds.map((adminId) => ({ type: 'admin', id: String(adminId) })),
          },
    custom_attributes: conversation.attributes,
    topics: {},
    ticket: conversation.ticketId === 0 ? null : ticketOf(conversation),
    linked_objects: {
      type: 'list',
      data: conversation.linked,
      total_count: conversation.linked.length,
      has_more: false,
    },
    ai_agent: conversation.aiAgent === null ? null : renderAiAgent(conversation.aiAgent, id),
    ai_agent_participated: conversation.aiAgent !== null,
    channel: { initial: channelOf(sourceType), current: channelOf(sourceType) },
    sales_agent_participated: false,
    sales_agent: null,
    external_references: [],
  };
}

export interface RenderContext {
  readonly workspaceId: string;
  readonly staff: Staff;
}

const contactReference = (contactNumber: number) => ({
  type: 'contact',
  id: contactId(contactNumber),
  external_id: externalId(contactNumber),
});

/** Who wrote the first message; search knows the author by the same function. */
export function authorOf(conversation: Conversation, staff: Staff) {
  if (conversation.authorType === 'bot') {
    return { type: 'bot', id: '278', name: 'Fin', email: 'operator@example.com' };
  }
  if (conversation.authorType === 'admin') {
    const adminId = conversation.teammateIds[0] ?? conversation.adminId;
    const admin = staff.admins.find((candidate) => candidate.id === adminId);
    return {
      type: 'admin',
      id: String(adminId),
      name: admin?.name ?? 'Deleted teammate',
      email: admin?.email ?? 'deleted@example.com',
    };
  }
  const author = conversation.contactNumbers[0] ?? 0;
  return {
    type: conversation.authorType,
    id: contactId(author),
    name: contactName(author),
    email: contactEmail(author),
  };
}

function companyOf({ companyNumber }: Conversation, { workspaceId }: RenderContext) {
  return {
    type: 'company',
    id: companyId(companyNumber),
    company_id: String(companyNumber),
    app_id: workspaceId,
    name: companyName(companyNumber),
  };
}

function ticketOf(conversation: Conversation) {
  return {
    type: 'ticket',
    id: String(conversation.ticketId),
    ticket_id: String(conversation.ticketId % 100_000),
    category: 'Customer',
    open: conversation.state !== 'closed',
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
  };
}

function renderRating(rating: Rating, id: number) {
  return {
    rating: rating.score,
    remark: remarkOf(id),
    created_at: rating.requestedAt,
    updated_at: rating.repliedAt,
    contact: contactReference(rating.contactNumber),
    teammate: { type: 'admin', id: String(rating.adminId) },
  };
}

function renderAiAgent(aiAgent: AiAgent, id: number) {
  return {
    source_type: aiAgent.sourceType,
    source_title: 'Answer questions',
    last_answer_type: aiAgent.lastAnswerType,
    resolution_state: aiAgent.resolutionState,
    rating: aiAgent.rating,
    rating_remark: aiAgent.rating === null ? null : remarkOf(id),
    created_at: aiAgent.ratedAt,
    updated_at: aiAgent.ratedAt,
    content_sources: { type: 'content_source.list', total_count: 0, content_sources: [] },
  };
}

const channelOf = (sourceType: string): string => (sourceType === 'conversation' ? 'messenger' : sourceType);
