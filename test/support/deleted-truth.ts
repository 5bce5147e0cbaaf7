import { brandId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import type { Simulator } from '#simulator/running-simulator.ts';
import type { AuditTrail } from '#sweep/ports.ts';

/**
 * Holds what the audit says after a reconciliation against the simulator's books: every deletion has its confirmation, with
 * its flag and time, and what runs claim together with what was deleted elsewhere is all that is gone. A sentence for
 * everything that does not fit.
 */
export async function unlikeTheTruth(audit: AuditTrail, simulator: Simulator): Promise<string[]> {
  const workspaceId = brandId<WorkspaceId>(simulator.workspaceId);
  const wrong: string[] = [];
  const lost = new Map(simulator.deletions().map((deletion) => [deletion.id, deletion]));
  const ids = [...lost.keys()].map((id) => brandId<ConversationId>(id));
  const confirmations = await audit.readConfirmations(workspaceId, ids);
  for (const { id, at, metricsRetained } of lost.values()) {
    const confirmation = confirmations.get(brandId<ConversationId>(id));
    const isTrue =
      confirmation?.metricsRetained === metricsRetained &&
      confirmation.deletedAt === Math.floor(at / 1000) * 1000;
    if (!isTrue) wrong.push(`${id} is not confirmed as it was deleted.`);
  }
  const claimed = new Set<string>();
  for await (const { outcome } of audit.queryOutcomes(workspaceId, {})) {
    if (outcome.outcome === 'unresolved') wrong.push(`${outcome.conversationId} is unresolved.`);
    if (outcome.outcome === 'deleted') claimed.add(outcome.conversationId);
  }
  for (const id of claimed) if (lost.get(id)?.by !== 'api') wrong.push(`${id} was not deleted by a run.`);
  for (const { id, by } of lost.values()) {
    if (by === 'api' && !claimed.has(id)) wrong.push(`${id} was deleted by a run, and none says so.`);
  }
  return wrong;
}
