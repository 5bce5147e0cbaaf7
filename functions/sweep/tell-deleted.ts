import type { RuleId, RunId, WorkspaceId } from '#policy/ids.ts';
import type { Outcome, PlannedDeletion } from './outcome.ts';
import type { DeletedNotice } from './ports.ts';
import type { SweepDeps } from './sweep-deps.ts';

/** One conversation that Intercom said it has deleted. */
export type Deleted = Pick<PlannedDeletion & Outcome, 'conversationId' | 'ruleId' | 'retainMetrics'>;

/**
 * Tells whoever wants to know what was deleted in a chunk, a notice for each rule. Never fails, because the deletions have
 * been made: what could not be told is observed, and that is all.
 */
export async function tellDeleted(
  { notices, observe }: Pick<SweepDeps, 'notices' | 'observe'>,
  run: { readonly workspaceId: WorkspaceId; readonly runId: RunId },
  deleted: readonly Deleted[],
): Promise<void> {
  if (notices === undefined) return;
  await Promise.all(
    toNotices(run, deleted).map(async (notice) => {
      try {
        await notices.deleted(notice);
      } catch (error) {
        observe({ kind: 'notice_failed', notice, error });
      }
    }),
  );
}

/** Within a plan a rule has one flag. */
function toNotices(
  { workspaceId, runId }: { readonly workspaceId: WorkspaceId; readonly runId: RunId },
  deleted: readonly Deleted[],
): readonly DeletedNotice[] {
  const byRule = new Map<RuleId, DeletedNotice>();
  for (const { conversationId, ruleId, retainMetrics } of deleted) {
    const others = byRule.get(ruleId)?.conversationIds ?? [];
    const conversationIds = [...others, conversationId];
    byRule.set(ruleId, { workspaceId, runId, ruleId, retainMetrics, conversationIds });
  }
  return [...byRule.values()];
}
