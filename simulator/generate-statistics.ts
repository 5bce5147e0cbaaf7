import type { ConversationState, Statistics } from './conversation.ts';
import type { Random } from './random.ts';

interface Talk {
  /** UNIX seconds. */
  readonly createdAt: number;
  readonly talkEnd: number;
  readonly state: ConversationState;
  readonly adminId: number;
}

/** Times in their natural order between creation and the end of the talk; what has not happened is null. */
export function generateStatistics(
  random: Random,
  { createdAt, talkEnd, state, adminId }: Talk,
): Statistics | null {
  if (random.chance(0.12)) return null;
  const at = (part: number) => createdAt + Math.floor((talkEnd - createdAt) * part);
  const wasAnswered = adminId !== 0;
  const wasClosed = state === 'closed' || random.chance(0.2);
  const isReopened = wasClosed && (state !== 'closed' || random.chance(0.2));
  const reopens = isReopened ? random.integer(1, 3) : 0;
  const firstReply = random.fraction() * 0.1;
  const assigned = firstReply + random.fraction() * 0.1;
  const answered = assigned + random.fraction() * 0.2;
  const firstClosed = isReopened ? 0.5 : 1;
  const lastClosed = state === 'closed' ? 1 : 0.5;
  const whenAnswered = (part: number) => (wasAnswered ? at(part) : null);
  const whenClosed = (part: number) => (wasClosed ? at(part) : null);
  const since = (moment: number | null) => (moment === null ? null : moment - createdAt);
  return {
    type: 'conversation_statistics',
    time_to_assignment: since(whenAnswered(assigned)),
    time_to_admin_reply: since(whenAnswered(answered)),
    time_to_first_close: since(whenClosed(firstClosed)),
    time_to_last_close: since(whenClosed(lastClosed)),
    median_time_to_reply: wasAnswered ? random.integer(60, 7200) : null,
    first_contact_reply_at: at(firstReply),
    first_assignment_at: whenAnswered(assigned),
    first_admin_reply_at: whenAnswered(answered),
    first_close_at: whenClosed(firstClosed),
    last_assignment_at: whenAnswered(assigned),
    last_assignment_admin_reply_at: whenAnswered(answered),
    last_contact_reply_at: at(answered + random.fraction() * 0.3),
    last_admin_reply_at: whenAnswered(answered + random.fraction() * 0.4),
    last_close_at: whenClosed(lastClosed),
    last_closed_by_id: wasClosed && wasAnswered ? String(adminId) : null,
    count_reopens: reopens,
    count_assignments: wasAnswered ? 1 : 0,
    count_conversation_parts: 1 + Math.floor(random.fraction() ** 3 * 30),
  };
}
