import { actKey, confirmationKey, intentKey, outcomeKey, planChunkKey, planKey } from '#audit/keys.ts';
import type { ConversationId, WorkspaceId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import type { AuditRecord, RecordKey } from '#seal/audit-record.ts';
import type { SealSource } from '#seal/seal-store.ts';
import type { Intent, Outcome, QueriedOutcome } from '#sweep/outcome.ts';
import type { AuditTrail } from '#sweep/ports.ts';
import { CliError } from '../cli-error.ts';
import type { CertifiedRole } from './certificate.ts';
import { earliestSealed } from './prove-records.ts';

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
 * Of the approvals that were there before the intent the one that was sealed first, so that nobody can put another in its place once a
 * seal has it, not even by having theirs sealed as well. In one seal, of the plan before of its policy.
 */
async function approvalKeyOf(
  { audit, seals }: EvidenceDeps,
  outcome: Outcome,
  intent: Intent,
): Promise<RecordKey | undefined> {
  const records: AuditRecord[] = [];
  for (const approval of await approvalsOf(audit, outcome, intent)) {
    const record = await seals.readRecord(actKey(approval));
    if (record !== undefined && record.recordedAt <= toIso(intent.intendedAt)) records.push(record);
  }
  return (await earliestSealed(seals, outcome.workspaceId, records))?.key ?? records[0]?.key;
}

/** Of its plan, and then of its policy, each in order of time. */
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
  return [...ofPlan, ...ofPolicy];
}

type Approved = Parameters<typeof actKey>[0];
