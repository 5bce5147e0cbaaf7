import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { checkChain } from '#seal/check-chain.ts';
import type { SealHeader } from '#seal/seal.ts';
import type { SealSource } from '#seal/seal-store.ts';
import { signersOf } from '#seal/signers.ts';
import { parsePublicKey, type SealPublicKey } from '#seal/signing-key.ts';
import { daysBetween, type UtcDay } from '#seal/utc-day.ts';
import { publishedKeys, verifySeals } from '#seal/verify-seals.ts';
import { usageError } from '../cli-error.ts';
import { unknownLayout } from '../unknown-layout.ts';
import { countCsvRows, digestFile, type FileDigest } from './export-files.ts';
import type { ExportFinding } from './export-finding.ts';
import { manifestName, progressName } from './export-folder.ts';
import { type ExportManifest, exportLayout, hasLeafList, parseManifest } from './export-manifest.ts';
import { exportSource } from './export-source.ts';

export interface VerifiedExport {
  /** Undefined when it cannot be read; then there is one finding. */
  readonly manifest: ExportManifest | undefined;
  readonly findings: readonly ExportFinding[];
  /** `seals`: the records are as they were sealed. `files`: the files are as they were written, which is all that they can show. */
  readonly proves: 'seals' | 'files';
  readonly records: number;
  /** Of the span. */
  readonly seals: number;
  /** Those that signed seals, as fingerprints. */
  readonly keys: readonly string[];
}

/**
 * Checks an export by itself: the files against the manifest, and with `ndjson` every record against the seals.
 * @param trusted the keys that the reader knows to be the operator's; undefined to take those of the manifest
 * @throws CliError when the folder holds no complete export
 */
export async function verifyExport(
  folder: string,
  trusted: readonly SealPublicKey[] | undefined,
): Promise<VerifiedExport> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) {
    const findings: ExportFinding[] = [{ kind: 'manifest_altered', path: manifestName }];
    return { manifest, findings, proves: 'files', records: 0, seals: 0, keys: [] };
  }
  const { findings, there } = await checkFiles(folder, manifest);
  const records = manifest.files.reduce(
    (sum, { path, records: held }) => (path.startsWith('leaves/') ? sum : sum + held),
    0,
  );
  if (manifest.format !== 'ndjson')
    return { manifest, findings, proves: 'files', records, seals: 0, keys: [] };

  const source = exportSource(folder, manifest, there, (line) =>
    findings.push({ kind: 'line_unreadable', ...line }),
  );
  const workspaceId = brandId<WorkspaceId>(manifest.workspace_id);
  const keys = trusted ?? (await publishedKeys(source, workspaceId));
  const isMissingFile = ({ path }: { readonly path: string }): boolean => !there.has(path);
  const chain = await Array.fromAsync(source.seals(workspaceId));
  if (hasUnusedKey(manifest, chain)) findings.push({ kind: 'key_unused', path: manifestName });
  for await (const finding of sealFindings(source, manifest, keys)) {
    // Of a file that is missing nothing more is to be said.
    if (finding.kind === 'removed' && isMissingFile(finding)) continue;
    findings.push(finding);
  }
  const signers = signersOf(workspaceId, chain, keys);
  if (signers.length === 0) findings.push({ kind: 'nothing_proven', path: manifestName });
  return {
    manifest,
    findings,
    proves: 'seals',
    records,
    seals: manifest.seals.filter(({ day }) => day >= manifest.from && day <= manifest.to).length,
    keys: signers.map(({ fingerprint }) => fingerprint),
  };
}

/** A key that signed nothing would be shown beside those that did, as if it vouched for them. */
function hasUnusedKey(manifest: ExportManifest, chain: readonly SealHeader[]): boolean {
  const workspaceId = brandId<WorkspaceId>(manifest.workspace_id);
  return manifest.public_keys.some(({ key_id: keyId, pem }) => {
    const key = parsePublicKey(pem);
    return key?.fingerprint !== keyId || signersOf(workspaceId, chain, [key]).length === 0;
  });
}

async function readManifest(folder: string): Promise<ExportManifest | undefined> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const newer = unknownLayout(join(folder, manifestName), text, exportLayout);
    if (newer !== undefined) throw newer;
    return parseManifest(text);
  }
  const names: readonly string[] = await readdir(folder).catch(() => []);
  throw usageError(
    names.includes(progressName)
      ? `The export in ${folder} is not complete; give the command that began it again.`
      : `${folder} holds no export: there is no ${manifestName} in it that can be read.`,
  );
}

/** Every file of the manifest, and that there are no others. */
async function checkFiles(folder: string, manifest: ExportManifest) {
  const findings: ExportFinding[] = [];
  const there = new Set<string>();
  if (!isComplete(manifest)) findings.push({ kind: 'manifest_altered', path: manifestName });
  for (const { path, bytes, sha256, records } of manifest.files) {
    const digest = await digestFile(join(folder, path)).catch(() => undefined);
    if (digest === undefined) {
      findings.push({ kind: 'file_missing', path });
      continue;
    }
    there.add(path);
    const isAsWritten = digest.sha256 === sha256 && digest.bytes === bytes;
    if (!isAsWritten || !(await holdsRecords(join(folder, path), digest, records))) {
      findings.push({ kind: 'file_altered', path });
    }
  }
  // The progress is left by a process that died right after the manifest was written.
  const listed = new Set([manifestName, progressName, ...manifest.files.map(({ path }) => path)]);
  for (const path of await filesIn(folder)) {
    if (!listed.has(path)) findings.push({ kind: 'file_unexpected', path });
  }
  return { findings, there };
}

/** Whether a file holds so many records; of Parquet, its hash says it. */
async function holdsRecords(path: string, { lines }: FileDigest, records: number): Promise<boolean> {
  if (path.endsWith('.parquet')) return true;
  return path.endsWith('.csv') ? (await countCsvRows(path)) === records + 1 : lines === records;
}

/** Whether the manifest lists what an export of its span has: a file for each day, and the lists of its seals. */
function isComplete(manifest: ExportManifest): boolean {
  const { format, from, to } = manifest;
  const room = format === 'ndjson' ? 'records' : 'outcomes';
  const wanted = [
    ...daysBetween(from, to).map((day) => `${room}/${day}.${format}`),
    ...manifest.seals.filter((seal) => hasLeafList(seal, manifest)).map(({ day }) => `leaves/${day}.ndjson`),
  ];
  return (
    wanted.length === manifest.files.length &&
    manifest.files.every(({ path, day }, at) => path === wanted[at] && path.includes(day))
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .toSorted();
}

/** What does not fit between records, leaf lists, notes and keys; of the whole chain, and of the records of the span. */
async function* sealFindings(
  source: SealSource,
  manifest: ExportManifest,
  keys: readonly SealPublicKey[],
): AsyncGenerator<ExportFinding> {
  const workspaceId = brandId<WorkspaceId>(manifest.workspace_id);
  const { from, to } = manifest;
  const isInSpan = (day: UtcDay): boolean => day >= from && day <= to;
  const chain = await Array.fromAsync(source.seals(workspaceId));
  for (const { day, findings } of checkChain(workspaceId, chain, keys)) {
    if (isInSpan(day)) continue; // found again below
    for (const finding of findings) if (!('record' in finding)) yield finding;
  }
  const checked = new Set<UtcDay>();
  const request = { workspaceId, from, to, sealedUntil: to, trustedKeys: keys };
  for await (const { day, findings, unsealedCount } of verifySeals(source, request)) {
    checked.add(day);
    if (unsealedCount > 0) yield { kind: 'unsealed', day, records: unsealedCount };
    for (const finding of findings) {
      if ('record' in finding) yield { ...finding, path: `records/${day}.ndjson` };
      else if (isInSpan(day) || finding.kind === 'leaf_list_altered') yield finding; // the chain outside is above
    }
  }
  for (const { day, path, records } of manifest.files) {
    const isBeforeFirstSeal = path.startsWith('records/') && !checked.has(day);
    if (isBeforeFirstSeal && records > 0) yield { kind: 'seal_missing', day };
  }
}
