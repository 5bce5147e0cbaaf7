import { type Answer, badParameter, ok, type Refusal } from './answer.ts';
import type { AdmittedCall } from './api-call.ts';
import type { Deletion } from './conversation-store.ts';
import { drawAt } from './random.ts';
import type { Settings } from './settings.ts';

/** `GET /conversations/deleted`: Intercom's own list of what was deleted, by whomever. Entries may appear late. */
export interface DeletedList {
  answer(call: AdmittedCall, settings: Settings): Answer | Refusal;
}

interface DeletedListDeps {
  readonly deletions: readonly Deletion[];
  readonly nowMs: () => number;
  readonly seed: number;
}

export function deletedList({ deletions, nowMs, seed }: DeletedListDeps): DeletedList {
  let taken = 0;
  const visible: Deletion[] = [];
  let waiting: { deletion: Deletion; visibleAtMs: number }[] = [];

  const catchUp = ({ delayMs, lateShare, lateByMs }: Settings['deletedList']) => {
    for (const deletion of deletions.slice(taken)) {
      const isLate = drawAt(seed, 'late entry', deletion.conversation.id) < lateShare;
      waiting.push({ deletion, visibleAtMs: deletion.deletedAtMs + delayMs + (isLate ? lateByMs : 0) });
    }
    taken = deletions.length;
    const now = nowMs();
    for (const { deletion, visibleAtMs } of waiting) if (visibleAtMs <= now) insertByTime(visible, deletion);
    waiting = waiting.filter(({ visibleAtMs }) => visibleAtMs > now);
  };

  return {
    answer({ query }, settings) {
      const page = Number(query.get('page') ?? 1);
      const perPage = Number(query.get('per_page') ?? 20);
      const order = query.get('order') ?? 'desc';
      if (!Number.isInteger(page) || page < 1) return badParameter('page', 'Page must be a number from 1');
      if (!Number.isInteger(perPage) || perPage < 1)
        return badParameter('per_page', 'Per Page must be a number from 1');
      if (perPage > 60) return badParameter('per_page', 'Per Page is too big');
      if (order !== 'asc' && order !== 'desc') return badParameter('order', 'Order must be asc or desc');
      catchUp(settings.deletedList);
      const total = visible.length;
      const totalPages = Math.ceil(total / perPage);
      const from = (page - 1) * perPage;
      const shown =
        order === 'asc'
          ? visible.slice(from, from + perPage)
          : visible.slice(Math.max(0, total - from - perPage), Math.max(0, total - from)).toReversed();
      const next = `${settings.deletedList.nextHost}/conversations/deleted?per_page=${perPage}&order=${order}&page=${page + 1}`;
      return ok({
        type: 'conversations.list',
        total_count: total,
        pages: {
          type: 'pages',
          next: page < totalPages ? next : null,
          page,
          per_page: perPage,
          total_pages: totalPages,
        },
        conversations: shown.map(entryOf),
      });
    },
  };
}

const entryOf = ({ conversation, metricsRetained, deletedAtMs }: Deletion) => ({
  type: 'conversation',
  id: String(conversation.id),
  metrics_retained: metricsRetained,
  deleted_at: Math.floor(deletedAtMs / 1000),
});

/** Most arrive in order; a late one goes to where its time says. */
function insertByTime(visible: Deletion[], deletion: Deletion): void {
  let place = visible.length;
  while (place > 0 && (visible[place - 1]?.deletedAtMs ?? 0) > deletion.deletedAtMs) place -= 1;
  visible.splice(place, 0, deletion);
}
