import type { Facts } from '#policy/facts.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { type Instant, instantFromIso, instantFromMs } from '#policy/instant.ts';

/** The instant that tests call now. */
export const testNow: Instant = instantFromIso('2026-06-15T12:00:00Z');

export const daysBefore = (days: number, from: Instant = testNow): Instant =>
  instantFromMs(from - days * 86_400_000);

/** A closed conversation, silent for three years, about which everything is known; `changes` say what matters to a test. */
export function factsOf(changes: Partial<Facts> = {}): Facts {
  return {
    conversationId: brandId<ConversationId>('215472856448646'),
    state: 'closed',
    createdAt: daysBefore(1200),
    updatedAt: daysBefore(1100),
    lastContactReplyAt: daysBefore(1150),
    lastAdminReplyAt: daysBefore(1140),
    lastClosedAt: daysBefore(1100),
    waitingSinceAt: undefined,
    tagIds: [],
    teamId: 'unassigned',
    assigneeId: 'unassigned',
    channel: 'email',
    initiatedBy: 'customer_initiated',
    authorType: 'user',
    priority: 'none',
    read: true,
    rating: undefined,
    contactIds: [],
    companyId: 'none',
    attributes: {},
    aiParticipated: false,
    aiResolution: undefined,
    parts: 4,
    hasTicket: false,
    ...changes,
  };
}
