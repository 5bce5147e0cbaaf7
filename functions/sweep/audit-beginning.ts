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
 * When the audit of a workspace began: with its first record, or now where it is empty. Where there were reconciliations
 * before, the same as for them, since each of them wrote it down; and never later than any record says.
 */
export async function findAuditBeginning(
  audit: AuditTrail,
  workspaceId: WorkspaceId,
  now: Instant,
): Promise<Instant> {
  const firstRecordAt = await audit.firstRecordAt(workspaceId);
  const writtenDown = await newestWrittenDown(audit, workspaceId);
  return instantFromMs(Math.min(firstRecordAt ?? now, writtenDown ?? now, now));
}

async function newestWrittenDown(audit: AuditTrail, workspaceId: WorkspaceId): Promise<Instant | undefined> {
  for await (const { auditBeganAt } of audit.reconciliations(workspaceId)) return auditBeganAt;
  return undefined;
}
