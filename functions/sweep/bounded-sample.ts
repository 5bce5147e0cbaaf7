import type { ConversationId } from '#policy/ids.ts';

/** Some of many, in room that does not grow with how many there are. */
export interface BoundedSample<Item> {
  add(id: ConversationId, item: Item): void;
  readonly items: readonly Item[];
}

/**
 * Keeps up to `size` items, evenly over all ids and always the same ones, in whatever order they come: so that two comparisons of the same
 * policies show the same conversations.
 */
export function boundedSample<Item>(size: number): BoundedSample<Item> {
  const kept: { readonly rank: number; readonly id: ConversationId; readonly item: Item }[] = [];
  return {
    add(id, item) {
      const rank = rankOf(id);
      const last = kept.at(-1);
      if (kept.length >= size && (last === undefined || isBefore(last, { rank, id }))) return;
      const at = kept.findIndex((each) => isBefore({ rank, id }, each));
      kept.splice(at === -1 ? kept.length : at, 0, { rank, id, item });
      if (kept.length > size) kept.pop();
    },
    get items() {
      return kept.map(({ item }) => item);
    },
  };
}

interface Ranked {
  readonly rank: number;
  readonly id: ConversationId;
}

const isBefore = (one: Ranked, other: Ranked): boolean =>
  one.rank < other.rank || (one.rank === other.rank && one.id < other.id);

/** FNV-1a with the last mixing step of MurmurHash3, since ids that follow each other differ in their last digits only. */
function rankOf(id: ConversationId): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
