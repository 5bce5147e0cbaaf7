import type { WorkspaceId } from '#policy/ids.ts';
import { type Instant, toIso } from '#policy/instant.ts';
import { parseUtcDay, startOfDay, type UtcDay } from '#seal/utc-day.ts';
import type { Item } from './item.ts';
import { dayPartition, recordsPartition } from './keys.ts';
import type { queryPage } from './store-table.ts';

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

/** Of the index `by_day`: together they are the journal of the day, and nothing else of the index is ever read. */
export const journalPartitions = (workspaceId: WorkspaceId, day: UtcDay): readonly string[] =>
  [dayPartition, recordsPartition].map((partition) => partition(workspaceId, startOfDay(day)));

/** One of the partitions above, in order of time. The index follows the table by a moment. */
export const journalQuery = (partition: string): Parameters<typeof queryPage>[1] => ({
  IndexName: 'by_day',
  KeyConditionExpression: 'by_day = :partition',
  ExpressionAttributeValues: { ':partition': partition },
});

/**
 * The day in whose journal an item stands, whatever else it holds; undefined when no reader of a day meets it. By the item's own
 * attributes, which put it into the index: the index itself may follow late.
 */
export function journalDayOf(workspaceId: WorkspaceId, { by_day: place, at }: Item): UtcDay | undefined {
  if (typeof place !== 'string' || typeof at !== 'string') return undefined;
  const day = parseUtcDay(place.split('#').at(-2) ?? '');
  return day !== undefined && journalPartitions(workspaceId, day).includes(place) ? day : undefined;
}
