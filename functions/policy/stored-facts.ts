import type { Facts } from './facts.ts';

/** The facts that are kept of a conversation after it was planned. Here too, `undefined` is unknown, and not forgotten. */
export type StoredFacts = Pick<
  Facts,
  'conversationId' | 'state' | 'createdAt' | 'updatedAt' | 'tagIds' | 'teamId' | 'hasTicket'
>;

/** Clauses and protections that look at anything else are never asked with these. */
export const allFacts = (stored: StoredFacts): Facts => ({
  lastContactReplyAt: undefined,
  lastAdminReplyAt: undefined,
  lastClosedAt: undefined,
  waitingSinceAt: undefined,
  assigneeId: undefined,
  channel: undefined,
  initiatedBy: undefined,
  authorType: undefined,
  priority: undefined,
  read: undefined,
  rating: undefined,
  contactIds: undefined,
  companyId: undefined,
  attributes: undefined,
  aiParticipated: undefined,
  aiResolution: undefined,
  parts: undefined,
  ...stored,
});
