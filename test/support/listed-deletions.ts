import { brandId, type ConversationId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { DeletedEntry, DeletedPageRequest, Intercom } from '#sweep/ports.ts';
import type { SweepWorld } from './sweep-world.ts';

const perPage = 60;

/** Intercom's list in the hand of a test: entries come, come late and vanish as it likes; the newest first. */
export interface ListedDeletions {
  readonly intercom: Intercom;
  /** Pages that have been asked for since the last `take`. */
  take(): readonly number[];
  /** So many new entries, deleted at this instant; returns their ids. */
  add(count: number, deletedAt: Instant): readonly ConversationId[];
  put(entry: DeletedEntry): void;
  remove(ids: readonly ConversationId[]): void;
  /** What Intercom's count is off by, or `missing`. */
  count: number | 'missing';
}

export function listedDeletions(world: SweepWorld): ListedDeletions {
  let entries: DeletedEntry[] = [];
  let asked: number[] = [];
  let added = 0;
  const list: ListedDeletions = {
    count: 0,
    intercom: Object.assign(world.deps().intercom, {
      deletedPage({ page, order }: DeletedPageRequest) {
        if (order !== 'desc') throw new Error('The list of the test knows the newest first only.');
        asked.push(page);
        return Promise.resolve({
          entries: entries.slice((page - 1) * perPage, page * perPage),
          total: list.count === 'missing' ? undefined : entries.length + list.count,
          hasNext: page * perPage < entries.length,
        });
      },
    }),
    take() {
      const taken = asked;
      asked = [];
      return taken;
    },
    add(count, deletedAt) {
      const more = Array.from({ length: count }, () => {
        added += 1;
        return { conversationId: brandId<ConversationId>(String(added)), deletedAt, metricsRetained: true };
      });
      for (const entry of more) list.put(entry);
      return more.map(({ conversationId }) => conversationId);
    },
    put(entry) {
      entries = [...entries, entry].toSorted((one, other) => other.deletedAt - one.deletedAt);
    },
    remove(ids) {
      entries = entries.filter(({ conversationId }) => !ids.includes(conversationId));
    },
  };
  return list;
}

export const hoursAgo = (world: SweepWorld, hours: number): Instant =>
  instantFromMs(world.clock.now() - hours * 3_600_000);
