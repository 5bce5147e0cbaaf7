import type {
  AttributeValue,
  Conversation,
  ConversationState,
  LinkedObject,
  Priority,
  Statistics,
} from './conversation.ts';
import type { Staff } from './staff.ts';

/** A conversation as a test describes it. What it leaves out is unremarkable: closed, read, unassigned, without tags. */
export interface HandmadeConversation {
  /** Digits; the next free of 1, 2, 3 … when absent. */
  readonly id?: string;
  readonly state?: ConversationState;
  /** UNIX seconds. Created defaults to a day before the last change. */
  readonly createdAt?: number;
  readonly updatedAt: number;
  readonly waitingSince?: number;
  readonly snoozedUntil?: number;
  readonly read?: boolean;
  readonly priority?: Priority;
  /** Names of the workspace's tags, team and teammate. */
  readonly tags?: readonly string[];
  readonly team?: string;
  readonly assignee?: string;
  /** Numbers of contacts and of a company; see `contactId` and `companyId`. */
  readonly contacts?: readonly number[];
  readonly company?: number;
  /** `source.type`, `source.delivered_as`, `source.author.type`. */
  readonly channel?: string;
  readonly initiatedBy?: string;
  readonly authorType?: Conversation['authorType'];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly isTicket?: boolean;
  readonly linked?: readonly LinkedObject[];
  /** 1 to 5. */
  readonly rating?: number;
  readonly aiResolution?: string | null;
  readonly statistics?: Partial<Statistics> | null;
}

/** @throws RangeError for a name that the workspace does not have. */
export function handmadeConversation(input: HandmadeConversation, id: number, staff: Staff): Conversation {
  const { updatedAt, contacts = [1] } = input;
  const createdAt = input.createdAt ?? updatedAt - 86_400;
  const adminId = input.assignee === undefined ? 0 : named('teammate', staff.admins, input.assignee).id;
  return {
    id,
    createdAt,
    updatedAt,
    waitingSince: input.waitingSince ?? null,
    snoozedUntil: input.snoozedUntil ?? null,
    state: input.state ?? 'closed',
    read: input.read ?? true,
    priority: input.priority ?? 'none',
    adminId,
    teamId: input.team === undefined ? 0 : named('team', staff.teams, input.team).id,
    companyNumber: input.company ?? 0,
    tags: (input.tags ?? []).map((name) => named('tag', staff.tags, name)),
    contactNumbers: contacts,
    teammateIds: adminId === 0 ? [] : [adminId],
    sourceType: input.channel ?? 'conversation',
    deliveredAs: input.initiatedBy ?? 'customer_initiated',
    authorType: input.authorType ?? 'user',
    attributes: input.attributes ?? {},
    ticketId: input.isTicket === true ? id + 500_000 : 0,
    linked: input.linked ?? [],
    rating:
      input.rating === undefined
        ? null
        : {
            score: input.rating,
            requestedAt: updatedAt,
            repliedAt: updatedAt,
            contactNumber: contacts[0] ?? 1,
            adminId,
          },
    aiAgent:
      input.aiResolution === undefined
        ? null
        : {
            sourceType: 'workflow',
            lastAnswerType: 'ai_answer',
            resolutionState: input.aiResolution,
            rating: null,
            ratedAt: null,
          },
    statistics:
      input.statistics === null ? null : { ...plainStatistics(createdAt, updatedAt), ...input.statistics },
    listed: true,
  };
}

function named<Thing extends { readonly name: string }>(
  kind: string,
  things: readonly Thing[],
  name: string,
): Thing {
  const found = things.find((thing) => thing.name === name);
  if (found === undefined) throw new RangeError(`The simulated workspace has no ${kind} named "${name}".`);
  return found;
}

const plainStatistics = (createdAt: number, updatedAt: number): Statistics => ({
  type: 'conversation_statistics',
  time_to_assignment: null,
  time_to_admin_reply: null,
  time_to_first_close: updatedAt - createdAt,
  time_to_last_close: updatedAt - createdAt,
  median_time_to_reply: null,
  first_contact_reply_at: createdAt,
  first_assignment_at: null,
  first_admin_reply_at: null,
  first_close_at: updatedAt,
  last_assignment_at: null,
  last_assignment_admin_reply_at: null,
  last_contact_reply_at: createdAt,
  last_admin_reply_at: null,
  last_close_at: updatedAt,
  last_closed_by_id: null,
  count_reopens: 0,
  count_assignments: 0,
  count_conversation_parts: 2,
});
