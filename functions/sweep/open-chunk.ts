import type { ConversationId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { Past } from './delete-one.ts';
import type { Intent, Outcome, PlannedDeletion } from './outcome.ts';
import type { AuditTrail, Clock, Intercom } from './ports.ts';
import type { PlanRecord, RunRecord } from './run-record.ts';
import { isWithinCut } from './trim-cut.ts';

/** One chunk of a plan whose intent is stored: what is left to do in it, and what an earlier process has settled. */
export interface OpenChunk {
  readonly chunkNumber: number;
  readonly deletions: readonly PlannedDeletion[];
  readonly past: Past;
  readonly intendedAt: Instant;
  readonly settled: readonly Outcome[];
}

interface OpeningDeps {
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly intercom: Pick<Intercom, 'apiVersion'>;
}

/**
 * Stores the intent for a chunk and hands its deletions out. When the intent is there already, an earlier process died in
 * the middle of this chunk: whatever has no outcome yet is suspect.
 */
export async function openChunk(
  { audit, clock, intercom }: OpeningDeps,
  run: RunRecord,
  plan: PlanRecord,
  chunkNumber: number,
): Promise<OpenChunk> {
  const deletions = await plannedDeletions(audit, run, plan, chunkNumber);
  const intent: Intent = {
    workspaceId: run.workspaceId,
    runId: run.runId,
    planId: plan.planId,
    chunkNumber,
    conversationIds: deletions.map(({ conversationId }) => conversationId),
    intendedAt: clock.now(),
    apiVersion: intercom.apiVersion,
  };
  if (deletions.length === 0 || (await audit.putIntent(intent)) === 'written') {
    return { chunkNumber, deletions, past: 'clean', intendedAt: intent.intendedAt, settled: [] };
  }
  const standing = await audit.readIntent(run.workspaceId, run.runId, chunkNumber);
  return withoutSettled(audit, standing ?? intent, deletions);
}

/** The chunk that an earlier process left open, or undefined when it never came to it. Stores nothing. */
export async function reopenChunk(
  { audit }: Pick<OpeningDeps, 'audit'>,
  run: RunRecord,
  plan: PlanRecord,
  chunkNumber: number,
): Promise<OpenChunk | undefined> {
  const intent = await audit.readIntent(run.workspaceId, run.runId, chunkNumber);
  if (intent === undefined) return undefined;
  const deletions = await plannedDeletions(audit, run, plan, chunkNumber);
  return withoutSettled(audit, intent, deletions);
}

async function withoutSettled(
  audit: AuditTrail,
  { workspaceId, runId, chunkNumber, intendedAt }: Intent,
  deletions: readonly PlannedDeletion[],
): Promise<OpenChunk> {
  const ids: readonly ConversationId[] = deletions.map(({ conversationId }) => conversationId);
  const outcomes = await audit.readOutcomes(workspaceId, runId, ids);
  return {
    chunkNumber,
    deletions: deletions.filter(({ conversationId }) => !outcomes.has(conversationId)),
    past: 'suspect',
    intendedAt,
    settled: [...outcomes.values()],
  };
}

async function plannedDeletions(
  audit: AuditTrail,
  run: RunRecord,
  plan: PlanRecord,
  chunkNumber: number,
): Promise<readonly PlannedDeletion[]> {
  const chunk = await audit.readPlanChunk(run.workspaceId, plan.planId, chunkNumber);
  if (chunk === undefined) {
    throw new Error(`Chunk ${chunkNumber} of the plan ${plan.planId} is missing in the audit trail.`);
  }
  const { trimmedTo } = run;
  return trimmedTo === undefined
    ? chunk.deletions
    : chunk.deletions.filter((deletion) => isWithinCut(deletion, trimmedTo));
}
