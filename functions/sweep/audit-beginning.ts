import type { WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { AuditTrail } from './ports.ts';

/**
 * Intercom dates deletions by its clock, and the audit begins by one of ours: they may differ by so much. A deletion in
 * this time before the beginning counts as one after it, since it is better to be told of one too many.
 */
const clockDifferenceMs = 300_000;

/** Whether a deletion is so old that no run whose records are in this audit could know of it. */
export const isBeforeAudit = (deletedAt: Instant, auditBeganAt: Instant): boolean =>
  deletedAt < auditBeganAt - clockDifferenceMs;

/**
 * When the audit of a workspace began: with its first record, or now where it is empty. The same as for the reconciliations
 * before, when there were any, since each of them wrote it down.
 */
export async function findAuditBeginning(
  audit: AuditTrail,
  workspaceId: WorkspaceId,
  now: Instant,
): Promise<Instant> {
  for await (const { auditBeganAt } of audit.reconciliations(workspaceId)) {
    if (auditBeganAt !== undefined) return auditBeganAt;
    break;
  }
  const firstRecordAt = (await audit.firstRecordAt(workspaceId)) ?? now;
  return instantFromMs(Math.min(firstRecordAt, now)); // no later, should the first record's clock have been ahead
}
