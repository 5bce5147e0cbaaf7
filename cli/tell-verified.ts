import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { signersOf } from '#seal/signers.ts';
import { parsePublicKey, type SealPublicKey } from '#seal/signing-key.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import type { Certificate, Claims } from './certificate/certificate.ts';
import { lateCautions } from './certificate/late-cautions.ts';
import { readCertificate } from './certificate/read-certificate.ts';
import { verifyCertificate } from './certificate/verify-certificate.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findingLines, toFindingDocument } from './export/export-finding.ts';
import { type VerifiedExport, verifyExport } from './export/verify-export.ts';
import { countOf, countText } from './number-text.ts';
import type { Output } from './output.ts';
import { printable } from './printable.ts';

/** The keys that the reader gave; undefined when they take those that come with what is verified. */
type TrustedKeys = readonly SealPublicKey[] | undefined;

/** More are not read by anybody. */
const mostLines = 100;

/** Verifies an export by itself, and says what does not fit. */
export async function tellExport(output: Output, folder: string, trusted: TrustedKeys): Promise<ExitCode> {
  const verified = await verifyExport(folder, trusted);
  const { manifest, findings, proves, records, seals, keys } = verified;
  const lines = findingLines(findings);
  for (const { text } of lines.slice(0, mostLines)) output.say(text);
  const more = lines.slice(mostLines).reduce((sum, { count }) => sum + count, 0);
  if (more > 0) output.say(`and ${countText(more)} more; "--json" lists them all.`);
  output.say(exportText(folder, verified, trusted));
  if (output.json) {
    await output.document({
      fits: findings.length === 0,
      workspace_id: manifest?.workspace_id ?? null,
      from: manifest?.from ?? null,
      to: manifest?.to ?? null,
      format: manifest?.format ?? null,
      proves,
      records,
      seals,
      key_ids: keys,
      keys_are_trusted: trusted !== undefined,
      findings: findings.map(toFindingDocument),
    });
  }
  return findings.length === 0 ? exitCodes.done : exitCodes.incomplete;
}

function exportText(folder: string, verified: VerifiedExport, trusted: TrustedKeys): string {
  const { manifest, findings, proves, records, seals, keys } = verified;
  if (manifest === undefined || findings.length > 0) {
    return `${folder} is not as it was exported and sealed: ${countOf(findings.length, 'finding')}.`;
  }
  const span = printable(`${manifest.workspace_id}, ${manifest.from} to ${manifest.to}`);
  if (proves === 'files') {
    return `${folder} (${span}): every file is as the manifest says. That is all that ${manifest.format} files can show; export ndjson to prove what they say.`;
  }
  return `${folder} (${span}): ${countOf(records, 'record')} as sealed by ${countOf(seals, 'seal')}.\n${keyText(keys, trusted, 'the export')}`;
}

/** Verifies a certificate by itself, the page or its JSON, and says what does not fit. */
export async function tellCertificate(output: Output, path: string, trusted: TrustedKeys): Promise<ExitCode> {
  const { certificate, findings: ofFile } = readCertificate(path);
  const findings = [...ofFile, ...verifyCertificate(certificate, trusted)];
  const { claims } = certificate;
  const keyIds = signersIn(certificate, trusted).map(({ fingerprint }) => fingerprint);
  for (const { message } of findings) output.say(printable(message));
  output.say(
    findings.length === 0
      ? `${printable(`${path}: conversation ${claims.conversation_id} of ${claims.workspace_id} was deleted at ${claims.deleted_at}, and every statement of the certificate is proven.`)}\n${leftOutText(claims)}${lateText(claims)}${keyText(keyIds, trusted, 'the certificate')}`
      : `${path} proves nothing: ${countOf(findings.length, 'finding')}.`,
  );
  if (output.json) {
    await output.document({
      fits: findings.length === 0,
      workspace_id: claims.workspace_id,
      conversation_id: claims.conversation_id,
      deleted_at: claims.deleted_at,
      key_ids: keyIds,
      keys_are_trusted: trusted !== undefined,
      sealed_late: claims.sealed_late ?? [],
      findings,
    });
  }
  return findings.length === 0 ? exitCodes.done : exitCodes.incomplete;
}

/** A key that was given, or is carried along, and signed nothing vouches for nothing. */
function signersIn(
  { claims, seals, public_keys: carried }: Certificate,
  trusted: TrustedKeys,
): readonly SealPublicKey[] {
  const keys = trusted ?? carried.map(({ pem }) => parsePublicKey(pem)).filter((key) => key !== undefined);
  const notes = seals.flatMap(({ day: text, note }) => {
    const day = parseUtcDay(text);
    return day === undefined ? [] : [{ day, note }];
  });
  return signersOf(brandId<WorkspaceId>(claims.workspace_id), notes, keys);
}

/** An absence is nothing that a certificate can prove. */
function leftOutText({ approval, confirmation }: Claims): string {
  const missing = [
    ...(approval === null ? ['no approval'] : []),
    ...(confirmation === null ? ['no confirmation'] : []),
  ];
  return missing.length === 0
    ? ''
    : `It carries ${missing.join(' and ')}; whether one was left out does not show.\n`;
}

/** What the page says in its cautions. */
function lateText(claims: Claims): string {
  const { warning, note } = lateCautions(claims);
  return `${warning === undefined ? '' : `Warning: ${warning}\n`}${note === undefined ? '' : `${note}\n`}`;
}

const keyText = (keys: readonly string[], trusted: TrustedKeys, carrier: string): string =>
  trusted === undefined
    ? `The key was taken from ${carrier} itself (SHA-256 ${printable(keys.join(', '))}): compare it with the one that the operator has published, or give that one with --public-key.`
    : `Signed by the key that you gave (SHA-256 ${keys.join(', ')}).`;
