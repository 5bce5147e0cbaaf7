import type { WorkspaceId } from '#policy/ids.ts';
import { keyText } from './audit-record.ts';
import type { StandingItem, WholeTable } from './standing-item.ts';
import type { UtcDay } from './utc-day.ts';

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
  /** Told of every item. */
  readonly observe: () => void;
}

/** What the table itself says, beside what its days and seals say. */
export interface TableCheck {
  /** Items by which a question about the workspace could be answered. */
  readonly itemCount: number;
  /** Items that stand in no journal, and are no part of the seals. */
  readonly unlisted: readonly StandingItem[];
  /** In the journal of a day before the first sealed one, or after the last, of which no seal says yet what there must be. */
  readonly beforeSealsCount: number;
  readonly afterSealsCount: number;
}

/** Reads the whole table for what is in no day of it. What is kept in memory are findings. */
export async function checkTable(table: WholeTable, request: TableCheckRequest): Promise<TableCheck> {
  const { workspaceId, sealed, named, observe } = request;
  const unlisted: StandingItem[] = [];
  let itemCount = 0;
  let beforeSealsCount = 0;
  let afterSealsCount = 0;
  for await (const item of table.items(workspaceId)) {
    const { place, key } = item;
    itemCount += 1;
    observe();
    if (place.kind === 'unlisted' && !named.has(keyText(key))) unlisted.push(item);
    if (place.kind !== 'journal' || sealed === undefined) continue;
    if (place.day < sealed.first) beforeSealsCount += 1;
    if (place.day > sealed.last) afterSealsCount += 1;
  }
  return { itemCount, unlisted, beforeSealsCount, afterSealsCount };
}
