import type { AdminId, CompanyId, ContactId, ConversationId, TagId, TeamId } from './ids.ts';
import type { Instant } from './instant.ts';

export const conversationStates = ['open', 'closed', 'snoozed'] as const;
export type ConversationState = (typeof conversationStates)[number];

/**
 * How urgent a conversation is. From 2.16 Intercom names a level. Earlier versions only say whether it is
 * prioritised: their `not_priority` is `none`, their `priority` is `unspecified`, a level above none that is not known.
 */
export type Priority = 'none' | 'low' | 'medium' | 'high' | 'urgent' | 'unspecified';

export type AttributeValue = string | number | boolean;

/**
 * What a policy may look at in one conversation: ids, states, times and counts. Never text, names or addresses.
 *
 * `undefined` means *unknown*: the field was missing, null or could not be decoded. An unknown fact never lets a rule match.
 */
export interface Facts {
  readonly conversationId: ConversationId;
  readonly state: ConversationState | undefined;
  readonly createdAt: Instant | undefined;
  /** Intercom's `updated_at`; the policy calls it `last_activity`. */
  readonly updatedAt: Instant | undefined;
  readonly lastContactReplyAt: Instant | undefined;
  readonly lastAdminReplyAt: Instant | undefined;
  readonly lastClosedAt: Instant | undefined;
  readonly waitingSinceAt: Instant | undefined;
  readonly tagIds: readonly TagId[] | undefined;
  readonly teamId: TeamId | 'unassigned' | undefined;
  readonly assigneeId: AdminId | 'unassigned' | undefined;
  /** `source.type`: `email`, `conversation`, `whatsapp` … */
  readonly channel: string | undefined;
  /** `source.delivered_as`: `customer_initiated`, `automated` … */
  readonly initiatedBy: string | undefined;
  /** `source.author.type`: `user`, `lead`, `admin`, `bot` … */
  readonly authorType: string | undefined;
  readonly priority: Priority | undefined;
  readonly read: boolean | undefined;
  /** `conversation_rating.rating`, 1 to 5. */
  readonly rating: number | undefined;
  readonly contactIds: readonly ContactId[] | undefined;
  /** `none` when Intercom says that there is no company; for a policy's condition that is as unknown as `undefined`. */
  readonly companyId: CompanyId | 'none' | undefined;
  /** Custom attributes with a scalar value, by name. One that is absent or null is unknown. */
  readonly attributes: Readonly<Record<string, AttributeValue>> | undefined;
  readonly aiParticipated: boolean | undefined;
  /** `ai_agent.resolution_state`. */
  readonly aiResolution: string | undefined;
  /** `statistics.count_conversation_parts`. */
  readonly parts: number | undefined;
  readonly hasTicket: boolean | undefined;
}
