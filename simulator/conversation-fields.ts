import type { Conversation, Statistics } from './conversation.ts';
import { bodyOf, contactId, remarkOf, subjectOf } from './personal-data.ts';
import { authorOf } from './render-conversation.ts';
import type { FieldType, FieldValue, SearchField, SearchFields } from './search-field.ts';
import type { Staff } from './staff.ts';

/** Every field by which Intercom documents that conversations can be searched. The names differ in places from those of the object. */
export function conversationFields(staff: Staff): SearchFields<Conversation> {
  return new Map<string, SearchField<Conversation>>([
    ...fields('string', {
      id: ({ id }) => String(id),
      state: ({ state }) => state,
      priority: ({ priority }) => priority,
      channel_initiated: ({ sourceType }) => sourceType,
      'source.type': ({ sourceType }) => sourceType,
      'source.id': ({ id }) => String(400_000_000 + (id % 90_000_000)),
      'source.delivered_as': ({ deliveredAs }) => deliveredAs,
      'source.subject': ({ id, sourceType }) => (sourceType === 'email' ? subjectOf(id) : ''),
      'source.url': ({ id, sourceType }) =>
        sourceType === 'conversation' ? `https://app.example.com/page/${id % 50}` : null,
      'source.author.id': (conversation) => authorOf(conversation, staff).id,
      'source.author.type': ({ authorType }) => authorType,
      'source.author.name': (conversation) => authorOf(conversation, staff).name,
      'source.author.email': (conversation) => authorOf(conversation, staff).email,
      'statistics.last_closed_by_id': ({ statistics }) => statistics?.last_closed_by_id,
      'conversation_rating.remark': ({ rating, id }) => rating && remarkOf(id),
      'conversation_rating.contact_id': ({ rating }) => rating && contactId(rating.contactNumber),
      // Intercom's own spelling.
      'conversation_rating.admin_d': ({ rating }) => rating && String(rating.adminId),
      'ai_agent.resolution_state': ({ aiAgent }) => aiAgent?.resolutionState,
      'ai_agent.last_answer_type': ({ aiAgent }) => aiAgent?.lastAnswerType,
      'ai_agent.rating_remark': ({ aiAgent, id }) => (aiAgent?.rating ? remarkOf(id) : null),
      'ai_agent.source_type': ({ aiAgent }) => aiAgent?.sourceType,
      'ai_agent.source_title': ({ aiAgent }) => (aiAgent === null ? null : 'Answer questions'),
    }),
    ...fields('words', { 'source.body': ({ id }) => bodyOf(id) }),
    ...fields('strings', {
      contact_ids: ({ contactNumbers }) => contactNumbers.map(contactId),
      teammate_ids: ({ teammateIds }) => teammateIds.map(String),
      tag_ids: ({ tags }) => tags.map((tag) => tag.id),
    }),
    ...fields('assignee', {
      admin_assignee_id: ({ adminId }) => adminId,
      team_assignee_id: ({ teamId }) => teamId,
    }),
    ...fields('integer', {
      'conversation_rating.score': ({ rating }) => rating?.score,
      'ai_agent.rating': ({ aiAgent }) => aiAgent?.rating,
      ...statistics([
        'time_to_assignment', 'time_to_admin_reply', 'time_to_first_close', 'time_to_last_close', 'median_time_to_reply',
        'count_reopens', 'count_assignments', 'count_conversation_parts',
      ]), // biome-ignore format: a list of names
    }),
    ...fields('boolean', {
      open: ({ state }) => state !== 'closed',
      read: ({ read }) => read,
      ai_agent_participated: ({ aiAgent }) => aiAgent !== null,
    }),
    ...fields('date', {
      created_at: ({ createdAt }) => createdAt,
      updated_at: ({ updatedAt }) => updatedAt,
      waiting_since: ({ waitingSince }) => waitingSince,
      snoozed_until: ({ snoozedUntil }) => snoozedUntil,
      'conversation_rating.requested_at': ({ rating }) => rating?.requestedAt,
      'conversation_rating.replied_at': ({ rating }) => rating?.repliedAt,
      ...statistics([
        'first_contact_reply_at', 'first_assignment_at', 'first_admin_reply_at', 'first_close_at', 'last_assignment_at',
        'last_assignment_admin_reply_at', 'last_contact_reply_at', 'last_admin_reply_at', 'last_close_at',
      ]), // biome-ignore format: a list of names
    }),
  ]);
}

type Readers = Readonly<Record<string, (conversation: Conversation) => FieldValue>>;

const fields = (type: FieldType, readers: Readers): [string, SearchField<Conversation>][] =>
  Object.entries(readers).map(([name, read]) => [name, { type, read }]);

const statistics = (names: readonly (keyof Statistics)[]): Readers =>
  Object.fromEntries(
    names.map((name) => [`statistics.${name}`, ({ statistics }: Conversation) => statistics?.[name]]),
  );
