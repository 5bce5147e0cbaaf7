import { toCanonicalJson } from '#policy/policy-hash.ts';
import { leafHash } from '#seal/audit-record.ts';
import { parseHash } from '#seal/checkpoint.ts';
import { rootFromProof } from '#seal/merkle-tree.ts';
import type { Seal } from '#seal/seal.ts';
import { keyNameOf, parseSeal } from '#seal/seal-note.ts';
import { isNoteSignedBy, parseSignedNote } from '#seal/signed-note.ts';
import { parsePublicKey, type SealPublicKey } from '#seal/signing-key.ts';
import { type Certificate, type CertifiedRecord, type CertifiedRole, certifiedRoles } from './certificate.ts';
import { claimsOfRecords } from './claims-of-records.ts';

/** One thing that is wrong with a certificate. */
export interface CertificateFinding {
  readonly kind:
    | 'key_unreadable'
    | 'key_not_trusted'
    | 'seal_unreadable'
    | 'signature_wrong'
    | 'record_altered'
    | 'proof_wrong'
    | 'claims_wrong'
    | 'page_altered';
  /** One sentence. */
  readonly message: string;
}

/**
 * Checks everything that a certificate says by what it carries: keys, signatures, hashes, proofs, and that its claims are those
 * of its records. An empty list: all of it holds.
 * @param trusted the keys that the reader knows to be the operator's; undefined to take those that the certificate carries
 */
export function verifyCertificate(
  certificate: Certificate,
  trusted: readonly SealPublicKey[] | undefined,
): readonly CertificateFinding[] {
  const findings: CertificateFinding[] = [];
  const keys = readKeys(certificate, findings);
  const seals = readSeals(certificate, keys, trusted, findings);
  for (const record of certificate.records)
    findings.push(...recordFindings(record, seals.get(record.seal_day)));
  findings.push(...claimFindings(certificate, seals));
  return findings;
}

function readKeys(
  { public_keys: published }: Certificate,
  findings: CertificateFinding[],
): readonly SealPublicKey[] {
  return published.flatMap(({ key_id: keyId, pem }, at) => {
    const key = parsePublicKey(pem);
    const isInPlace = (published[at - 1]?.key_id ?? '') < keyId;
    if (key !== undefined && key.fingerprint === keyId && key.pem === pem && isInPlace) return [key];
    findings.push({
      kind: 'key_unreadable',
      message: `The public key ${keyId} is not the key of that fingerprint, or not in its place.`,
    });
    return [];
  });
}

/** The seals whose signature is right, by day. Each of them, and each key, must be of use: nothing else is shown as proof. */
function readSeals(
  certificate: Certificate,
  keys: readonly SealPublicKey[],
  trusted: readonly SealPublicKey[] | undefined,
  findings: CertificateFinding[],
): ReadonlyMap<string, Seal> {
  const seals = new Map<string, Seal>();
  const used = new Set<SealPublicKey>();
  for (const [at, { day, note }] of certificate.seals.entries()) {
    const signed = parseSignedNote(note);
    const seal = signed && parseSeal(signed);
    const isNeeded = certificate.records.some((record) => record.seal_day === day);
    const isInPlace = (certificate.seals[at - 1]?.day ?? '') < day;
    if (signed === undefined || seal?.day !== day || !isInPlace || !isNeeded) {
      const message = `The note of ${day} is not the seal of that day as it was signed, or not in its place.`;
      findings.push({ kind: 'seal_unreadable', message });
      continue;
    }
    const name = keyNameOf(seal);
    const signer = keys.find((key) => isNoteSignedBy(signed, name, key));
    if (signer === undefined) {
      findings.push({
        kind: 'signature_wrong',
        message: `The seal of ${day} is not signed by a key of this certificate.`,
      });
      continue;
    }
    used.add(signer);
    if (trusted !== undefined && !trusted.some((key) => isNoteSignedBy(signed, name, key))) {
      findings.push({
        kind: 'key_not_trusted',
        message: `The seal of ${day} is signed by the key ${signer.fingerprint}, which is not one that you gave.`,
      });
    }
    seals.set(day, seal);
  }
  for (const key of keys) {
    if (used.has(key)) continue;
    findings.push({
      kind: 'key_unreadable',
      message: `The public key ${key.fingerprint} has signed nothing.`,
    });
  }
  return seals;
}

function recordFindings(record: CertifiedRecord, seal: Seal | undefined): readonly CertificateFinding[] {
  const { role, document } = record;
  const hash = leafHash({ document });
  const isAsHashed = Buffer.from(hash).toString('hex') === record.leaf_hash;
  if (!isAsHashed || document['recorded_at'] !== record.recorded_at) {
    return [{ kind: 'record_altered', message: `The ${wordFor(role)} is not the record that was hashed.` }];
  }
  const path = record.proof.map(parseHash).filter((beside) => beside !== undefined);
  const root =
    seal === undefined || path.length !== record.proof.length
      ? undefined
      : rootFromProof(hash, { index: record.leaf_index, size: seal.size, path });
  if (seal !== undefined && root !== undefined && Buffer.compare(root, seal.root) === 0) return [];
  return [
    {
      kind: 'proof_wrong',
      message: `The proof of the ${wordFor(role)} does not lead to the seal of ${record.seal_day}.`,
    },
  ];
}

function claimFindings(
  { layout, claims, records }: Certificate,
  seals: ReadonlyMap<string, Seal>,
): readonly CertificateFinding[] {
  const places = records.map(({ role }) => certifiedRoles.indexOf(role));
  if (places.some((place, at) => at > 0 && place <= (places[at - 1] ?? 0))) {
    return [wrong('The records are not each there once and in their order.')];
  }
  const worked = claimsOfRecords(layout, records);
  if (!worked.ok) return [wrong(worked.problem)];
  if (toCanonicalJson(worked.claims) !== toCanonicalJson(claims)) {
    return [wrong('What the certificate claims is not what its records say.')];
  }
  const stranger = [...seals.values()].find(({ workspaceId }) => workspaceId !== claims.workspace_id);
  return stranger === undefined ? [] : [wrong(`The seal of ${stranger.day} is of another workspace.`)];
}

const wrong = (message: string): CertificateFinding => ({ kind: 'claims_wrong', message });

const wordFor = (role: CertifiedRole): string => role.replace('_', ' ');
