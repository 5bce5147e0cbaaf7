import type { Conversation } from './conversation.ts';
import type { ConversationStore } from './conversation-store.ts';
import { drawAt, pickAt } from './random.ts';
import type { Settings } from './settings.ts';
import type { Staff } from './staff.ts';

export type ChurnAction = Settings['churn']['actions'][number];

export interface ChurnDeps {
  readonly store: ConversationStore;
  readonly staff: Staff;
  readonly nowMs: () => number;
}

export interface Happening {
  readonly action: ChurnAction;
  /** Id of the tag, team or teammate. When absent: the workspace's first tag or teammate; `untag` takes all tags off. */
  readonly subject?: string | undefined;
}

/** Something that a customer or a teammate does to a conversation. False when the conversation is not there. */
export function happen(
  { store, staff, nowMs }: ChurnDeps,
  id: number,
  { action, subject }: Happening,
): boolean {
  const conversation = store.get(id);
  if (conversation === undefined) return false;
  if (action === 'delete') {
    store.delete(id, { by: 'foreign', metricsRetained: true });
    return true;
  }
  const at = Math.max(conversation.updatedAt, Math.floor(nowMs() / 1000));
  store.change(id, { updatedAt: at, ...changeOf(conversation, action, { at, staff, subject }) });
  return true;
}

/** Does one of the actions to some conversation. The n-th happening is the same for the same seed. */
export function churnOnce(
  deps: ChurnDeps & { readonly seed: number },
  actions: readonly ChurnAction[],
  nth: number,
): boolean {
  const action = pickAt(actions, drawAt(deps.seed, 'churn action', nth));
  const conversation = deps.store.nth(Math.floor(drawAt(deps.seed, 'churn conversation', nth) * 2 ** 32));
  if (conversation === undefined) return false;
  const subjects = (action === 'assign' ? deps.staff.admins : deps.staff.tags).map(({ id }) => String(id));
  const subject =
    subjects.length === 0 ? undefined : pickAt(subjects, drawAt(deps.seed, 'churn subject', nth));
  return happen(deps, conversation.id, { action, subject });
}

interface Circumstances {
  readonly at: number;
  readonly staff: Staff;
  readonly subject: string | undefined;
}

function changeOf(
  conversation: Conversation,
  action: Exclude<ChurnAction, 'delete'>,
  { at, staff, subject }: Circumstances,
): Partial<Conversation> {
  const { statistics, tags } = conversation;
  switch (action) {
    case 'reply':
      return {
        state: 'open',
        read: false,
        snoozedUntil: null,
        waitingSince: conversation.waitingSince ?? at,
        statistics: statistics && {
          ...statistics,
          last_contact_reply_at: at,
          count_conversation_parts: statistics.count_conversation_parts + 1,
          count_reopens: statistics.count_reopens + (conversation.state === 'closed' ? 1 : 0),
        },
      };
    case 'reopen':
      return { state: 'open', snoozedUntil: null };
    case 'tag': {
      const tag = staff.tags.find(({ id }) => subject === undefined || id === subject);
      return tag === undefined || tags.includes(tag) ? {} : { tags: [...tags, tag] };
    }
    case 'untag':
      return { tags: subject === undefined ? [] : tags.filter(({ id }) => id !== subject) };
    case 'assign':
      return assignment(staff, Number(subject ?? staff.admins[0]?.id ?? 0));
    case 'close':
      return {
        state: 'closed',
        waitingSince: null,
        snoozedUntil: null,
        statistics: statistics && {
          ...statistics,
          first_close_at: statistics.first_close_at ?? at,
          last_close_at: at,
        },
      };
    case 'snooze':
      return { state: 'snoozed', snoozedUntil: at + 7 * 86_400 };
  }
}

const assignment = (staff: Staff, id: number): Partial<Conversation> =>
  staff.teams.some((team) => team.id === id) ? { teamId: id } : { adminId: id };
