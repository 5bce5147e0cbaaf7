import type { PlannedDeletion } from './outcome.ts';
import type { AuditTrail } from './ports.ts';
import type { PlanRecord, TrimCut } from './run-record.ts';

/** The last of the `count` deletions with the oldest activity in a plan. Memory is bounded by `count`, not by the plan. */
export async function findTrimCut(
  audit: Pick<AuditTrail, 'planChunks'>,
  plan: Pick<PlanRecord, 'workspaceId' | 'planId'>,
  count: number,
): Promise<TrimCut | undefined> {
  let oldest: TrimCut[] = [];
  for await (const chunk of audit.planChunks(plan.workspaceId, plan.planId)) {
    oldest.push(...chunk.deletions.flatMap(toCut));
    if (oldest.length > 2 * count + chunk.deletions.length) oldest = sortedCuts(oldest).slice(0, count);
  }
  return sortedCuts(oldest).slice(0, count).at(-1);
}

/** Whether a deletion is among those that `when_exceeded: trim` leaves. */
export function isWithinCut(deletion: PlannedDeletion, cut: TrimCut): boolean {
  return toCut(deletion).some((own) => compareCuts(own, cut) <= 0);
}

function toCut({ conversationId, facts: { updatedAt } }: PlannedDeletion): readonly TrimCut[] {
  return updatedAt === undefined ? [] : [{ updatedAt, conversationId }];
}

const sortedCuts = (cuts: readonly TrimCut[]): TrimCut[] => cuts.toSorted(compareCuts);

/** By last activity, then by id. */
function compareCuts(a: TrimCut, b: TrimCut): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt - b.updatedAt;
  return a.conversationId < b.conversationId ? -1 : Number(a.conversationId > b.conversationId);
}
