import type { WorkspaceId } from '#policy/ids.ts';
import { type Instant, toIso } from '#policy/instant.ts';
import type { Item } from './item.ts';
import { recordsPartition } from './keys.ts';

/**
 * An item of the audit that is no outcome, with its place in the journal: the list of everything that was recorded on a day,
 * by which days are sealed and exported. Outcomes have theirs already.
 */
export const inJournal = (item: Item, workspaceId: WorkspaceId, recordedAt: Instant): Item => ({
  ...item,
  by_day: recordsPartition(workspaceId, recordedAt),
  at: toIso(recordedAt),
  recorded_at: toIso(recordedAt),
});
