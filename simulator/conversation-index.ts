import type { Conversation } from './conversation.ts';
import { type Matches, type RecencyView, recencyView } from './recency-view.ts';

/**
 * What list and search see. Like Intercom's, it may trail behind the truth for a while: then it still shows conversations that are gone
 * and old states of those that have changed.
 */
export interface ConversationIndex {
  /** All that are listed. */
  everything(): RecencyView;
  /** Those that match. Kept and updated for later pages of the same query; `key` tells queries apart. */
  matching(key: string, query: IndexQuery): RecencyView;
  /** Tells of a change; it shows when `lagMs` have passed. */
  change(before: Conversation, after: Conversation | undefined, lagMs: number): void;
}

interface IndexQuery {
  readonly matches: Matches;
  /** UNIX seconds: nothing that was created outside can match. Both inclusive. */
  readonly createdFrom: number;
  readonly createdUntil: number;
}

interface KeptView {
  readonly query: IndexQuery;
  readonly view: RecencyView;
}

interface Trailing {
  readonly shown: Conversation;
  readonly actual: Conversation | undefined;
  readonly dueAtMs: number;
}

const mostViews = 256;
const mostEntries = 4_000_000;

export function conversationIndex(
  conversations: Iterable<Conversation>,
  nowMs: () => number,
): ConversationIndex {
  const byCreation = [...conversations].sort((left, right) => left.createdAt - right.createdAt);
  const all = recencyView(() => true, byCreation);
  const views = new Map<string, KeptView>();
  const trailing = new Map<number, Trailing>();

  const apply = (before: Conversation, after: Conversation | undefined) => {
    before.listed = false;
    if (after !== undefined) {
      after.listed = true;
      replaceCreated(byCreation, before, after);
    }
    all.replace(before, after);
    const { createdAt } = before;
    for (const { query, view } of views.values()) {
      if (query.createdFrom <= createdAt && createdAt <= query.createdUntil) view.replace(before, after);
    }
  };

  let nextDueAtMs = Number.POSITIVE_INFINITY;
  const catchUp = () => {
    const now = nowMs();
    if (now < nextDueAtMs) return;
    nextDueAtMs = Number.POSITIVE_INFINITY;
    for (const [id, { shown, actual, dueAtMs }] of trailing) {
      if (dueAtMs > now) {
        nextDueAtMs = Math.min(nextDueAtMs, dueAtMs);
        continue;
      }
      trailing.delete(id);
      apply(shown, actual);
    }
  };

  return {
    everything() {
      catchUp();
      return all;
    },
    matching(key, query) {
      catchUp();
      const kept = views.get(key);
      const view = kept?.view ?? recencyView(query.matches, createdWithin(byCreation, query));
      // The order of a Map is the order of use: the first is the one unused for longest.
      views.delete(key);
      views.set(key, { query, view });
      forgetOldest(views);
      return view;
    },
    change(before, after, lagMs) {
      const earlier = trailing.get(before.id);
      if (earlier !== undefined) {
        trailing.set(before.id, { ...earlier, actual: after });
        return;
      }
      if (lagMs === 0) {
        apply(before, after);
        return;
      }
      const dueAtMs = nowMs() + lagMs;
      trailing.set(before.id, { shown: before, actual: after, dueAtMs });
      nextDueAtMs = Math.min(nextDueAtMs, dueAtMs);
    },
  };
}

function forgetOldest(views: Map<string, KeptView>): void {
  let entries = 0;
  for (const { view } of views.values()) entries += view.entries;
  for (const [key, { view }] of views) {
    if (views.size === 1 || (views.size <= mostViews && entries <= mostEntries)) return;
    views.delete(key);
    entries -= view.entries;
  }
}

function* createdWithin(byCreation: readonly Conversation[], query: IndexQuery): Generator<Conversation> {
  for (let index = firstCreatedAt(byCreation, query.createdFrom); index < byCreation.length; index += 1) {
    const conversation = byCreation[index];
    if (conversation === undefined || conversation.createdAt > query.createdUntil) return;
    yield conversation;
  }
}

/** A conversation keeps its place: the time of its creation never changes. */
function replaceCreated(byCreation: Conversation[], before: Conversation, after: Conversation): void {
  let place = firstCreatedAt(byCreation, before.createdAt);
  while (place < byCreation.length && byCreation[place] !== before) place += 1;
  byCreation[place] = after;
}

function firstCreatedAt(byCreation: readonly Conversation[], createdAt: number): number {
  let low = 0;
  let high = byCreation.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((byCreation[middle]?.createdAt ?? Number.POSITIVE_INFINITY) < createdAt) low = middle + 1;
    else high = middle;
  }
  return low;
}
