import type { WorkspaceId } from '#policy/ids.ts';
import type { AuditRecord } from './audit-record.ts';
import { leavesOfDay, readLateLeaves } from './late-leaves.ts';
import { matchRecords } from './match-records.ts';
import type { SealHeader } from './seal.ts';
import type { SealSource } from './seal-store.ts';
import { daysBetween, plusDays, type UtcDay } from './utc-day.ts';

export interface LateSearch {
  readonly workspaceId: WorkspaceId;
  /** Oldest first. */
  readonly seals: readonly SealHeader[];
  /** The newest sealed day. */
  readonly newestDay: UtcDay;
  /** Days before it that are looked through, too. */
  readonly lookBackDays: number;
}

/** Records of days that are sealed already, which are in no seal, in their order. */
export async function* lateRecords(
  source: Pick<SealSource, 'dayRecords' | 'leafList'>,
  { workspaceId, seals, newestDay, lookBackDays }: LateSearch,
): AsyncGenerator<AuditRecord> {
  const firstDay = plusDays(newestDay, -lookBackDays);
  const lately = seals.filter(({ day }) => day >= firstDay);
  const late = await readLateLeaves(source, lately);
  for (const day of daysBetween(firstDay, newestDay)) {
    const seal = lately.find((each) => each.day === day);
    const leaves = leavesOfDay(day, seal === undefined ? undefined : source.leafList(seal), late);
    for await (const { leaf, record } of matchRecords(leaves, source.dayRecords(workspaceId, day))) {
      if (leaf === undefined) yield record;
    }
  }
}
