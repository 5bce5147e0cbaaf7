import { actKey, confirmationKey, intentKey, outcomeKey, planChunkKey, planKey } from '#audit/keys.ts';
import type { ConversationId, WorkspaceId } from '#policy/ids.ts';
import type { AuditRecord, RecordKey } from '#seal/audit-record.ts';
import type { SealSource } from '#seal/seal-store.ts';
import type { Intent, Outcome, QueriedOutcome } from '#sweep/outcome.ts';
import type { AuditTrail } from '#sweep/ports.ts';
import { CliError } from '../cli-error.ts';
import type { CertifiedRole } from './certificate.ts';
import { firstSealed } from './prove-records.ts';

export interface EvidenceDeps {
  readonly audit: Pick<AuditTrail, 'outcomesOfConversation' | 'intents' | 'acts'>;
  readonly seals: SealSource;
}

/** The records that speak of one deletion. Approval and confirmation may be missing. */
export type EvidenceRecords = ReadonlyMap<CertifiedRole, AuditRecord>;

export const notCertifiable = (message: string): CliError => new CliError('not_certifiable', message);

/**
 * Gathers every record on which a certificate for the conversation can rest.
 * @throws CliError when it was not deleted, or when a record that must be there is not
 */
export async function findEvidence(
  deps: EvidenceDeps,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
): Promise<EvidenceRecords> {
  const { audit, seals } = deps;
  const outcomes = await audit.outcomesOfConversation(workspaceId, conversationId);
  const { outcome, confirmation } = deletionAmong(outcomes, conversationId);
  const intent = await intentOf(audit, outcome);
  if (intent === undefined) throw missing('intent', conversationId);
  const { planId, chunkNumber, runId } = intent;
  const keys: readonly (readonly [CertifiedRole, RecordKey | undefined])[] = [
    ['approval', await approvalKeyOf(deps, outcome, intent)],
    ['plan', planKey(workspaceId, planId)],
    ['plan_chunk', planChunkKey(workspaceId, planId, chunkNumber)],
    ['intent', intentKey(workspaceId, runId, chunkNumber)],
    ['outcome', outcomeKey(workspaceId, conversationId, runId)],
    ['confirmation', confirmation && confirmationKey(workspaceId, conversationId)],
  ];
  const records = new Map<CertifiedRole, AuditRecord>();
  for (const [role, key] of keys) {
    if (key === undefined) continue;
    const record = await seals.readRecord(key);
    if (record === undefined) throw missing(role.replace('_', ' '), conversationId);
    records.set(role, record);
  }
  return records;
}

const missing = (what: string, conversationId: ConversationId): CliError =>
  notCertifiable(
    `The ${what} of the deletion of conversation ${conversationId} is missing in the audit, so there can be no certificate; look for what happened with "retention audit verify".`,
  );

/** The outcome that says that the conversation was deleted; what Intercom answered comes before what only its list tells. */
function deletionAmong(outcomes: readonly QueriedOutcome[], id: ConversationId): QueriedOutcome {
  const deleted = outcomes.filter(({ outcome }) => outcome.outcome === 'deleted');
  const found = deleted.find(({ outcome }) => outcome.reason === null) ?? deleted[0];
  if (found !== undefined) return found;
  const last = outcomes.at(-1)?.outcome;
  throw notCertifiable(`There is nothing to certify of conversation ${id}: ${whyNotDeleted(last)}.`);
}

function whyNotDeleted(outcome: Outcome | undefined): string {
  switch (outcome?.outcome) {
    case undefined:
      return 'no run of this workspace ever set out to delete it';
    case 'unresolved':
      return 'the answer to its deletion was lost, and Intercom\'s list has not been found to name it; run "retention reconcile", and ask again once that day is sealed';
    case 'not_found':
      return 'it was gone before the request came, so somebody else had deleted it';
    case 'failed':
      return `Intercom refused to delete it (${outcome.reason})`;
    case 'kept':
    case 'deleted':
      return `it was kept (${outcome.reason})`;
  }
}

async function intentOf(
  audit: EvidenceDeps['audit'],
  { workspaceId, runId, conversationId }: Outcome,
): Promise<Intent | undefined> {
  for await (const intent of audit.intents(workspaceId, runId)) {
    if (intent.conversationIds.includes(conversationId)) return intent;
  }
  return undefined;
}

/**
 * The last approval before the intent: of its plan, else of its policy. One that is in a seal comes before all that are in none,
 * so that nobody can put another in its place afterwards.
 */
async function approvalKeyOf(
  { audit, seals }: EvidenceDeps,
  outcome: Outcome,
  intent: Intent,
): Promise<RecordKey | undefined> {
  const keys = (await approvalsOf(audit, outcome, intent)).map(actKey);
  if (keys.length < 2) return keys[0];
  const records: AuditRecord[] = [];
  for (const key of keys) {
    const record = await seals.readRecord(key);
    if (record !== undefined) records.push(record);
  }
  return (await firstSealed(seals, outcome.workspaceId, records))?.key ?? keys[0];
}

/** Of its plan, and then of its policy; the last first. */
async function approvalsOf(
  audit: EvidenceDeps['audit'],
  { workspaceId, policyHash }: Outcome,
  { planId, intendedAt }: Intent,
): Promise<readonly Approved[]> {
  const ofPlan: Approved[] = [];
  const ofPolicy: Approved[] = [];
  for await (const act of audit.acts(workspaceId)) {
    const { details } = act;
    if (act.kind !== 'approved' || act.at > intendedAt || details['policy_hash'] !== policyHash) continue;
    if (act.subject === planId) ofPlan.push(act);
    else if (details['covers'] === 'policy') ofPolicy.push(act);
  }
  return [...ofPlan.toReversed(), ...ofPolicy.toReversed()];
}

type Approved = Parameters<typeof actKey>[0];
