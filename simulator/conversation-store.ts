import type { Conversation } from './conversation.ts';
import { type ConversationIndex, conversationIndex } from './conversation-index.ts';

/** The truth about the conversations of the workspace, and the index that list and search read. */
export interface ConversationStore {
  readonly index: ConversationIndex;
  /** How many are not deleted. */
  readonly size: number;
  /** Undefined when it never was or is deleted. */
  get(id: number): Conversation | undefined;
  /** Replaces it with a changed copy. It must exist. */
  change(id: number, changes: Partial<Conversation>): void;
  /** Undefined when there is nothing to delete. */
  delete(
    id: number,
    deletion: { readonly by: DeletedBy; readonly metricsRetained: boolean },
  ): Deletion | undefined;
  /** In the order in which they took place. */
  readonly deletions: readonly Deletion[];
  /** All that ever were: those that are there, then the deleted ones in their last state. */
  everSeen(): Iterable<Seen>;
  /** The n-th, counted modulo the number of all that ever were; undefined when that one is deleted. */
  nth(position: number): Conversation | undefined;
}

/** `api`: by the token under test. `foreign`: by anybody else. */
export type DeletedBy = 'api' | 'foreign';

export interface Deletion {
  readonly conversation: Conversation;
  /** Milliseconds since 1970. */
  readonly deletedAtMs: number;
  readonly metricsRetained: boolean;
  readonly by: DeletedBy;
}

export interface Seen {
  readonly conversation: Conversation;
  readonly deletion: Deletion | null;
}

export interface StoreDeps {
  readonly nowMs: () => number;
  /** How long the index trails behind this change. */
  readonly lagMs: (id: number) => number;
}

export function conversationStore(
  { nowMs, lagMs }: StoreDeps,
  conversations: readonly Conversation[],
): ConversationStore {
  const current = new Map<number, Conversation>();
  for (const conversation of conversations) {
    if (current.has(conversation.id))
      throw new RangeError(`Two conversations have the id ${conversation.id}.`);
    current.set(conversation.id, conversation);
  }
  const ids = Float64Array.from(current.keys());
  const index = conversationIndex(current.values(), nowMs);
  const deletions: Deletion[] = [];

  return {
    index,
    deletions,
    get size() {
      return current.size;
    },
    get: (id) => current.get(id),
    change(id, changes) {
      const before = current.get(id);
      if (before === undefined) throw new RangeError(`There is no conversation ${id} to change.`);
      const after = { ...before, ...changes, listed: false };
      current.set(id, after);
      index.change(before, after, lagMs(id));
    },
    delete(id, { by, metricsRetained }) {
      const conversation = current.get(id);
      if (conversation === undefined) return undefined;
      current.delete(id);
      const deletion = { conversation, deletedAtMs: nowMs(), metricsRetained, by };
      deletions.push(deletion);
      index.change(conversation, undefined, lagMs(id));
      return deletion;
    },
    *everSeen() {
      for (const conversation of current.values()) yield { conversation, deletion: null };
      for (const deletion of deletions) yield { conversation: deletion.conversation, deletion };
    },
    nth(position) {
      const id = ids[position % ids.length];
      return id === undefined ? undefined : current.get(id);
    },
  };
}
