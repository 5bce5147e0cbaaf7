import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import { toCanonicalJson } from '#policy/policy-hash.ts';
import { type AuditRecord, keyText, type RecordKind, recordKinds } from '#seal/audit-record.ts';
import { parseLeafLine } from '#seal/leaf-list.ts';
import type { KeyFingerprint, SealHeader, SealId } from '#seal/seal.ts';
import type { SealSource } from '#seal/seal-store.ts';
import { type FileLine, readLines } from './export-files.ts';
import type { ExportManifest } from './export-manifest.ts';

/** A line of a file that is none that this tool writes. */
export interface UnreadableLine {
  /** Below the folder. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/**
 * An export as a verification reads it: record by record as they stand in the files. A line that cannot be read is told and left
 * out; so is a file that is not there.
 * @param files paths of those that are there
 */
export function exportSource(
  folder: string,
  manifest: ExportManifest,
  files: ReadonlySet<string>,
  unreadable: (line: UnreadableLine) => void,
): SealSource {
  let current: DayIndex | undefined;
  return {
    dayRecords(_workspaceId, day) {
      current = { path: `records/${day}.ndjson`, places: undefined };
      return records(current.path);
    },
    async readRecord(key) {
      if (current === undefined || !files.has(current.path)) return undefined;
      current.places ??= await placesIn(join(folder, current.path));
      const place = current.places.get(keyText(key));
      return place && parseRecord(await readPlace(join(folder, current.path), place));
    },
    seals: () => seals(manifest),
    async *leafList({ day }) {
      for await (const { text, line, path } of lines(`leaves/${day}.ndjson`)) {
        const leaf = parseLeafLine(text);
        if (leaf === undefined) unreadable({ path, line });
        else yield leaf;
      }
    },
    publicKeys: () =>
      Promise.resolve(
        manifest.public_keys.map(({ key_id: keyId, pem }) => ({
          keyId: keyId as KeyFingerprint, // names a key, which proves itself
          pem,
        })),
      ),
  };

  async function* records(path: string): AsyncGenerator<AuditRecord> {
    for await (const { text, line } of lines(path)) {
      const record = parseRecord(text);
      if (record === undefined) unreadable({ path, line });
      else yield record;
    }
  }

  async function* lines(path: string) {
    if (!files.has(path)) return;
    let line = 0;
    for await (const { text } of readLines(join(folder, path))) {
      line += 1;
      yield { path, text, line };
    }
  }
}

/** Where each record of a day stands; worked out once one is missed in its place, so that it can be looked for. */
interface DayIndex {
  readonly path: string;
  places: ReadonlyMap<string, Place> | undefined;
}

type Place = Pick<FileLine, 'start' | 'bytes'>;

async function placesIn(path: string): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  for await (const { text, start, bytes } of readLines(path)) {
    const record = parseRecord(text);
    if (record !== undefined) places.set(keyText(record.key), { start, bytes });
  }
  return places;
}

async function readPlace(path: string, { start, bytes }: Place): Promise<string> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
  return buffer.toString();
}

/** Undefined when the line is not the one text of a record. */
function parseRecord(text: string): AuditRecord | undefined {
  const document = documentOf(text);
  if (document === undefined) return undefined;
  const { kind, pk, sk, recorded_at: recordedAt } = document;
  if (typeof pk !== 'string' || typeof sk !== 'string') return undefined;
  return {
    kind: recordKinds.find((known): known is RecordKind => known === kind) ?? 'unknown',
    key: { pk, sk },
    recordedAt: typeof recordedAt === 'string' ? recordedAt : '',
    document,
  };
}

function documentOf(text: string): AuditRecord['document'] | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined;
    return toCanonicalJson(document) === text ? { ...document } : undefined;
  } catch {
    return undefined; // no JSON
  }
}

async function* seals(manifest: ExportManifest): AsyncGenerator<SealHeader> {
  for (const seal of manifest.seals) {
    yield {
      workspaceId: brandId<WorkspaceId>(manifest.workspace_id),
      day: seal.day,
      sealId: seal.seal_id as SealId, // names a list, which proves itself
      note: seal.note,
      unsigned: {
        keyId: seal.key_id as KeyFingerprint, // held against the key that signed
        sealedAt: instantFromIso(seal.sealed_at),
        recordCount: seal.record_count,
        lateCount: seal.late_count,
      },
    };
  }
}
