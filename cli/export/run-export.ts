import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import { openSeal } from '#seal/check-chain.ts';
import { hasLateRecords } from '#seal/late-leaves.ts';
import type { SealHeader } from '#seal/seal.ts';
import { sealIn } from '#seal/seal-note.ts';
import type { SealSource } from '#seal/seal-store.ts';
import type { SealPublicKey } from '#seal/signing-key.ts';
import { dayOf, daysBetween, plusDays, startOfDay, type UtcDay } from '#seal/utc-day.ts';
import { publishedKeys } from '#seal/verify-seals.ts';
import type { AuditTrail, Clock } from '#sweep/ports.ts';
import { inFolder } from './export-failure.ts';
import { type ExportFolder, openExportFolder } from './export-folder.ts';
import {
  type ExportBeginning,
  type ExportedSeal,
  type ExportFile,
  type ExportFormat,
  type ExportManifest,
  type ExportRequest,
  hasLeafList,
} from './export-manifest.ts';
import { writeCsv } from './outcome-csv.ts';
import { writeParquet } from './outcome-parquet.ts';
import { writeLeafLines, writeRecordLines } from './record-ndjson.ts';

export interface ExportDeps {
  readonly audit: Pick<AuditTrail, 'queryOutcomes'>;
  readonly seals: SealSource;
  readonly clock: Pick<Clock, 'now'>;
  /** Told of each file that is complete. */
  readonly observe: (file: ExportFile) => void;
}

export interface ExportReport {
  readonly manifest: ExportManifest;
  /** `already_there`: the whole export was in the folder. */
  readonly origin: 'new' | 'resumed' | 'already_there';
}

/**
 * Exports days of the audit into a folder, a file a day. Interrupted at any point, it goes on at the last complete file when
 * it is called again, and ends with the same bytes as if it had not been.
 * @param tool name and version of this program
 * @throws CliError when the folder holds anything but the beginning of this export, or cannot be written
 * @throws OutsideError when the disk is full
 */
export function runExport(
  deps: ExportDeps,
  request: ExportRequest,
  folder: string,
  tool: string,
): Promise<ExportReport> {
  return inFolder(folder, async () => {
    const opened = await openExportFolder(folder, {
      ...request,
      tool,
      exported_at: toIso(deps.clock.now()),
      newest_seal: (await newestSeal(deps.seals, workspaceOf(request))) ?? null,
    });
    if ('manifest' in opened) return { manifest: opened.manifest, origin: 'already_there' };
    const manifest =
      request.format === 'ndjson'
        ? await exportRecords(deps, opened)
        : await exportOutcomes(deps, opened, request.format);
    await opened.finish(manifest);
    return { manifest, origin: opened.isResumed ? 'resumed' : 'new' };
  });
}

const workspaceOf = ({ workspace_id }: ExportRequest): WorkspaceId => brandId<WorkspaceId>(workspace_id);

async function newestSeal(seals: SealSource, workspaceId: WorkspaceId): Promise<UtcDay | undefined> {
  let newest: UtcDay | undefined;
  for await (const { day } of seals.seals(workspaceId)) newest = day;
  return newest;
}

async function exportOutcomes(
  { audit, observe }: ExportDeps,
  folder: ExportFolder,
  format: Exclude<ExportFormat, 'ndjson'>,
): Promise<ExportManifest> {
  const { beginning } = folder;
  const write = format === 'csv' ? writeCsv : writeParquet;
  const files: ExportFile[] = [];
  for (const day of daysBetween(beginning.from, beginning.to)) {
    const span = { from: startOfDay(day), until: startOfDay(plusDays(day, 1)) };
    files.push(
      await fileOf(folder, observe, { path: `outcomes/${day}.${format}`, day }, (path) =>
        write(path, audit.queryOutcomes(workspaceOf(beginning), span)),
      ),
    );
  }
  return { ...beginning, files, seals: [], public_keys: [] };
}

async function exportRecords({ seals, observe }: ExportDeps, folder: ExportFolder): Promise<ExportManifest> {
  const { beginning } = folder;
  const workspaceId = workspaceOf(beginning);
  const files: ExportFile[] = [];
  for (const day of daysBetween(beginning.from, beginning.to)) {
    files.push(
      await fileOf(folder, observe, { path: `records/${day}.ndjson`, day }, (path) =>
        writeRecordLines(path, seals.dayRecords(workspaceId, day)),
      ),
    );
  }
  const chain = await chainOf(seals, beginning);
  for (const header of chain) {
    const { day } = header;
    if (!hasLeafList(header, beginning)) continue;
    files.push(
      await fileOf(folder, observe, { path: `leaves/${day}.ndjson`, day }, (path) =>
        writeLeafLines(path, seals.leafList(header)),
      ),
    );
  }
  const keys = await publishedKeys(seals, workspaceId);
  const signers = chain.map((header) => openSeal(workspaceId, header, keys).signedBy);
  return {
    ...beginning,
    files,
    seals: chain.map((header, at) => toExportedSeal(header, signers[at])),
    public_keys: keys
      .filter((key) => signers.includes(key))
      .map(({ fingerprint, pem }) => ({ key_id: fingerprint, pem })),
  };
}

async function fileOf(
  folder: ExportFolder,
  observe: ExportDeps['observe'],
  file: Pick<ExportFile, 'path' | 'day'>,
  write: (path: string) => Promise<number>,
): Promise<ExportFile> {
  const there = await folder.complete(file.path);
  if (there !== undefined) return there;
  const added = await folder.add(file, write);
  observe(added);
  return added;
}

/**
 * Every seal from the first on, so that the chain can be followed, up to the last of the span; and on to the last that seals a
 * late record of the span: without it, a verification would take that record for one that somebody has added.
 */
async function chainOf(
  seals: SealSource,
  { workspace_id, from, to, newest_seal: newest }: ExportBeginning,
): Promise<readonly SealHeader[]> {
  const chain: SealHeader[] = [];
  let later: SealHeader[] = [];
  for await (const header of seals.seals(brandId<WorkspaceId>(workspace_id))) {
    if (newest === null || header.day > newest) break;
    if (header.day <= to) {
      chain.push(header);
      continue;
    }
    later.push(header);
    if (!hasLateRecords(header) || !(await sealsRecordOf(seals, header, from, to))) continue;
    chain.push(...later);
    later = [];
  }
  return chain;
}

/** Late records come first in a seal's list. */
async function sealsRecordOf(
  seals: SealSource,
  header: SealHeader,
  from: UtcDay,
  to: UtcDay,
): Promise<boolean> {
  for await (const { recordedAt } of seals.leafList(header)) {
    const day = recordedAt.slice(0, header.day.length);
    if (day >= header.day) return false;
    if (day >= from && day <= to) return true;
  }
  return false;
}

/** Whose note is no seal is found by its signature; its counts are none. */
function toExportedSeal(
  { day, sealId, note, unsigned }: SealHeader,
  signedBy: SealPublicKey | undefined,
): ExportedSeal {
  const seal = sealIn(note);
  return {
    day,
    seal_id: sealId,
    key_id: signedBy?.fingerprint ?? unsigned.keyId,
    sealed_at: toIso(unsigned.sealedAt),
    record_count: seal?.size ?? 0,
    late_count: seal?.late ?? 0,
    note,
  };
}

/** The last day that is over: what is recorded of it stays the same. */
export const lastWholeDay = (clock: Pick<Clock, 'now'>): UtcDay => plusDays(dayOf(clock.now()), -1);
