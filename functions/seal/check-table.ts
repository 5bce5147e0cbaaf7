import type { WorkspaceId } from '#policy/ids.ts';
import type { Clock } from '#sweep/ports.ts';
import { keyText } from './audit-record.ts';
import { dayInTime } from './late-leaves.ts';
import type { StandingItem, WholeTable } from './standing-item.ts';
import { startOfDay, type UtcDay } from './utc-day.ts';

/** The first and the last day that is sealed. */
export interface SealedSpan {
  readonly first: UtcDay;
  readonly last: UtcDay;
}

export interface TableCheckRequest {
  readonly workspaceId: WorkspaceId;
  /** Undefined when nobody who is trusted has sealed a day. */
  readonly sealed: SealedSpan | undefined;
  /** Keys (`keyText`) of items that the seals have named already: each is named once. */
  readonly named: ReadonlySet<string>;
  /** Asked at each item: reading a table takes long, and meets what was written meanwhile. */
  readonly clock: Pick<Clock, 'now'>;
  /** Told of every item. */
  readonly observe: () => void;
}

/** What the table itself says, beside what its days and seals say. */
export interface TableCheck {
  /** Items by which a question about the workspace could be answered. */
  readonly itemCount: number;
  /** Items that stand in no journal, and are no part of the seals. */
  readonly unlisted: readonly StandingItem[];
  /** Items in the journal of a day that has not begun, or is not their own, and of which no seal says what there must be. */
  readonly misplaced: readonly StandingItem[];
  /** In the journal of a day before the first sealed one, or after the last, of which no seal says yet what there must be. */
  readonly beforeSealsCount: number;
  readonly afterSealsCount: number;
}

/** Who writes a record may be ahead of us by so much. */
const clockDifferenceMs = 300_000;

/** Reads the whole table for what is in no day of it. What is kept in memory are findings. */
export async function checkTable(table: WholeTable, request: TableCheckRequest): Promise<TableCheck> {
  const { workspaceId, sealed, named, clock, observe } = request;
  const unlisted: StandingItem[] = [];
  const misplaced: StandingItem[] = [];
  let itemCount = 0;
  let beforeSealsCount = 0;
  let afterSealsCount = 0;
  for await (const item of table.items(workspaceId)) {
    const { place, key } = item;
    itemCount += 1;
    observe();
    if (place.kind === 'unlisted' && !named.has(keyText(key))) unlisted.push(item);
    if (place.kind !== 'journal') continue;
    const { day } = place;
    const isBefore = sealed !== undefined && day < sealed.first;
    const isAfter = sealed !== undefined && day > sealed.last;
    if (isBefore) beforeSealsCount += 1;
    if (isAfter) afterSealsCount += 1;
    // What stands in a sealed day is sealed there, or is named by its seal.
    const isJudged = sealed !== undefined && !isBefore && !isAfter;
    if (isJudged || named.has(keyText(key))) continue;
    if (startOfDay(day) > clock.now() + clockDifferenceMs || ownDayOf(item) !== day) misplaced.push(item);
  }
  return { itemCount, unlisted, misplaced, beforeSealsCount, afterSealsCount };
}

const ownDayOf = ({ recordedAt }: StandingItem): UtcDay | undefined =>
  recordedAt === undefined ? undefined : dayInTime({ recordedAt });
