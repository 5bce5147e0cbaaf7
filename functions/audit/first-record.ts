import type { WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { dayInTime } from '#seal/late-leaves.ts';
import { dayOf, plusDays, startOfDay, type UtcDay } from '#seal/utc-day.ts';
import type { Clock } from '#sweep/ports.ts';
import { inOrder } from './in-order.ts';
import type { Item } from './item.ts';
import { journalQuery } from './journal.ts';
import { actPartition, reconciliationPartition, recordsPartition, runListPartition } from './keys.ts';
import { partitionQuery, queryItems, queryPage, type StoreTable } from './store-table.ts';

/** A plan that nobody approved, ran or refused stands in no list but the journal; so long before everything else it is looked for. */
const quietDays = 92;
const daysAhead = 16;

/** The day of the first record of a workspace; undefined when there is none. */
export async function firstRecordDay(
  table: StoreTable,
  clock: Pick<Clock, 'now'>,
  workspaceId: WorkspaceId,
): Promise<UtcDay | undefined> {
  const listed = await firstListedAt(table, workspaceId);
  return (await firstInJournal(table, workspaceId, listed ?? clock.now()))?.day;
}

/** When the first record of a workspace was put; undefined when there is none. */
export async function firstRecordAt(
  table: StoreTable,
  clock: Pick<Clock, 'now'>,
  workspaceId: WorkspaceId,
): Promise<Instant | undefined> {
  const listed = await firstListedAt(table, workspaceId);
  const inJournal = await firstInJournal(table, workspaceId, listed ?? clock.now());
  return earliest([listed, inJournal?.at]);
}

/** Runs, acts and reconciliations are listed in order of time, and no outcome is older than its run. */
async function firstListedAt(table: StoreTable, workspaceId: WorkspaceId): Promise<Instant | undefined> {
  const lists = [runListPartition, actPartition, reconciliationPartition];
  return earliest(await Promise.all(lists.map((list) => firstTimeIn(table, list(workspaceId)))));
}

/** Of the first item that bears a time: one that bears none was put there by somebody else. */
async function firstTimeIn(table: StoreTable, partition: string): Promise<Instant | undefined> {
  const items = queryItems(table, { ...partitionQuery(partition, ''), Limit: fewItems });
  for await (const { recorded_at: recordedAt } of items) {
    const time = timeIn(recordedAt);
    if (time !== undefined) return time;
  }
  return undefined;
}

/** The first is nearly always the one that is looked for. */
const fewItems = 10;

interface FirstInJournal {
  readonly day: UtcDay;
  /** The first instant of the day where the item bears no time. */
  readonly at: Instant;
}

/** Looked for day by day, each time that somebody asks: nothing remembers it. The journal follows by a moment. */
async function firstInJournal(
  table: StoreTable,
  workspaceId: WorkspaceId,
  listed: Instant,
): Promise<FirstInJournal | undefined> {
  const days = Array.from({ length: quietDays }, (_, back) => plusDays(dayOf(listed), back + 1 - quietDays));
  const looks = inOrder(days, daysAhead, async (day) => {
    const first = await firstOf(table, journalQuery(recordsPartition(workspaceId, startOfDay(day))));
    return first === undefined ? undefined : { day, at: timeIn(first['at']) ?? startOfDay(day) };
  });
  for await (const first of looks) if (first !== undefined) return first;
  return undefined;
}

/** A text that begins with no day of the calendar is none, though JavaScript reads a time from many. */
function timeIn(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || dayInTime({ recordedAt: value }) === undefined) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : instantFromMs(ms);
}

function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : instantFromMs(Math.min(...known));
}

async function firstOf(table: StoreTable, query: Parameters<typeof queryPage>[1]): Promise<Item | undefined> {
  return (await queryPage(table, { ...query, Limit: 1 }, undefined)).items[0];
}
