import type { ConversationId, WorkspaceId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import type { AuditRecord } from '#seal/audit-record.ts';
import { openSeal } from '#seal/check-chain.ts';
import { publishedKeys } from '#seal/verify-seals.ts';
import type { Clock } from '#sweep/ports.ts';
import { type Certificate, type CertifiedRole, certificateLayout, certifiedRoles } from './certificate.ts';
import { claimsOfRecords } from './claims-of-records.ts';
import { type EvidenceDeps, findEvidence, notCertifiable } from './find-evidence.ts';
import { type ProvenRecord, proveRecords } from './prove-records.ts';
import { verifyCertificate } from './verify-certificate.ts';

export interface CertificateDeps extends EvidenceDeps {
  readonly clock: Pick<Clock, 'now'>;
}

/** Without these nothing is certified; what else is not sealed yet, the certificate does not speak of. */
const neededRoles: readonly CertifiedRole[] = ['plan', 'plan_chunk', 'intent', 'outcome'];

/**
 * Makes the certificate for one conversation, from sealed records alone.
 * @param tool name and version of this program
 * @throws CliError when the conversation was not deleted, when that is not sealed yet, or when the audit contradicts its seals
 */
export async function makeCertificate(
  deps: CertificateDeps,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
  tool: string,
): Promise<Certificate> {
  const { seals, clock } = deps;
  const evidence = await findEvidence(deps, workspaceId, conversationId);
  const proven = (await proveRecords(seals, workspaceId, evidence)).toSorted(
    (one, other) => placeOf(one) - placeOf(other),
  );
  for (const role of neededRoles) {
    if (!proven.some(({ record }) => record.role === role))
      throw notSealed(evidence.get(role), role, conversationId);
  }
  const records = proven.map(({ record }) => record);
  const claimed = claimsOfRecords(certificateLayout, records);
  if (!claimed.ok) {
    throw notCertifiable(
      evidence.has('confirmation') && !proven.some(({ record }) => record.role === 'confirmation')
        ? `The answer to the deletion of conversation ${conversationId} was lost, and Intercom's word that confirms it is not sealed yet; ${sealHint}`
        : `The records of conversation ${conversationId} do not make a certificate: ${claimed.problem}`,
    );
  }
  const headers = [...new Map(proven.map(({ seal }) => [seal.day, seal])).values()].toSorted((one, other) =>
    one.day < other.day ? -1 : 1,
  );
  const published = await publishedKeys(seals, workspaceId);
  const signers = headers.map((header) => openSeal(workspaceId, header, published).signedBy);
  const certificate: Certificate = {
    layout: certificateLayout,
    claims: claimed.claims,
    records,
    seals: headers.map(({ day, note }) => ({ day, note })),
    public_keys: published
      .filter((key) => signers.includes(key))
      .map(({ fingerprint, pem }) => ({ key_id: fingerprint, pem }))
      .toSorted((one, other) => (one.key_id < other.key_id ? -1 : 1)),
    issued: { at: toIso(clock.now()), by: tool },
  };
  const [finding] = verifyCertificate(certificate, undefined);
  if (finding === undefined) return certificate;
  throw notCertifiable(
    `The audit of conversation ${conversationId} does not agree with its seals: ${finding.message} Run "retention audit verify".`,
  );
}

const placeOf = ({ record }: ProvenRecord): number => certifiedRoles.indexOf(record.role);

const sealHint =
  'a day can be sealed an hour after its end (UTC) with "retention audit seal", and today with "--today": ask again then.';

function notSealed(record: AuditRecord | undefined, role: CertifiedRole, conversationId: ConversationId) {
  const day = record?.recordedAt.slice(0, 'yyyy-mm-dd'.length) ?? 'an unknown day';
  return notCertifiable(
    `The ${role.replace('_', ' ')} of conversation ${conversationId}, recorded on ${day}, is in no seal yet; ${sealHint}`,
  );
}
