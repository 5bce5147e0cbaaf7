import type { Conversation } from './conversation.ts';

export type Matches = (conversation: Conversation) => boolean;

/** Where a reader stands: everything before it, in the order newest change first, has been read. */
export interface Position {
  readonly updatedAt: number;
  readonly id: number;
}

/** The listed conversations that match, newest change first, kept up to date change by change. */
export interface RecencyView {
  /** How many there are. */
  readonly size: number;
  /** Memory held, in entries. */
  readonly entries: number;
  /** Up to `count` conversations after the position; from the newest when there is none. */
  pageAfter(position: Position | undefined, count: number): Conversation[];
  /** `before` is no longer listed, `after` now is. */
  replace(before: Conversation, after: Conversation | undefined): void;
}

export function recencyView(matches: Matches, candidates: Iterable<Conversation>): RecencyView {
  let sorted: Conversation[] = [];
  for (const candidate of candidates) if (candidate.listed && matches(candidate)) sorted.push(candidate);
  sorted.sort(oldestFirst);
  let size = sorted.length;

  const insert = (conversation: Conversation) => {
    size += 1;
    const last = sorted.at(-1);
    if (last === undefined || oldestFirst(last, conversation) < 0) sorted.push(conversation);
    else sorted.splice(countBefore(sorted, positionOf(conversation)), 0, conversation);
  };

  return {
    get size() {
      return size;
    },
    get entries() {
      return sorted.length;
    },
    pageAfter(position, count) {
      const page: Conversation[] = [];
      let index = position === undefined ? sorted.length : countBefore(sorted, position);
      while (index > 0 && page.length < count) {
        index -= 1;
        const conversation = sorted[index];
        if (conversation?.listed) page.push(conversation);
      }
      return page;
    },
    replace(before, after) {
      if (matches(before)) size -= 1;
      if (after !== undefined && matches(after)) insert(after);
      // Entries that are no longer listed are skipped when read, and swept once they are the majority.
      if (sorted.length > 2 * size + 1000) sorted = sorted.filter((entry) => entry.listed);
    },
  };
}

const positionOf = ({ updatedAt, id }: Conversation): Position => ({ updatedAt, id });

const oldestFirst = (left: Position, right: Position): number =>
  left.updatedAt - right.updatedAt || left.id - right.id;

/** How many of the sorted conversations lie strictly before the position. */
function countBefore(sorted: readonly Conversation[], position: Position): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const conversation = sorted[middle];
    if (conversation !== undefined && oldestFirst(conversation, position) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
