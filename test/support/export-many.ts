import { join } from 'node:path';
import { toRequest } from '#cli/export/export-manifest.ts';
import { writeCsv } from '#cli/export/outcome-csv.ts';
import { writeParquet } from '#cli/export/outcome-parquet.ts';
import { runExport } from '#cli/export/run-export.ts';
import { verifyExport } from '#cli/export/verify-export.ts';
import { toIso } from '#policy/instant.ts';
import { type AuditRecord, leafHash } from '#seal/audit-record.ts';
import { startLeafListDigest } from '#seal/leaf-list.ts';
import { startTreeHash } from '#seal/merkle-tree.ts';
import type { Leaf, SealHeader, SealId } from '#seal/seal.ts';
import { signSeal } from '#seal/seal-note.ts';
import type { SealSource } from '#seal/seal-store.ts';
import { parseUtcDay, startOfDay } from '#seal/utc-day.ts';
import type { QueriedOutcome } from '#sweep/outcome.ts';
import { aConfirmation, anOutcome, conversationIdOf, later, workspaceId } from './audit-builders.ts';
import { aSigner } from './key-signer.ts';

/** Exports so many records, which come one by one, and tells what it did. A process of its own, so that a test can give it little memory. */
const [format = '', count = '', folder = ''] = process.argv.slice(2);
const day = parseUtcDay('2026-11-21')!;
let bytes = 0;
let passes = 0;

async function* outcomes(): AsyncGenerator<QueriedOutcome> {
  passes += 1;
  for (let number = 0; number < Number(count); number += 1) {
    const conversationId = conversationIdOf(number);
    const recordedAt = later(startOfDay(day), number);
    const outcome = anOutcome({ conversationId, recordedAt });
    const queried = { outcome, confirmation: aConfirmation({ conversationId }) };
    bytes += JSON.stringify(queried).length;
    yield queried;
    if (number % 1_000 === 0) await new Promise(setImmediate); // as a store would, now and then
  }
}

async function* dayRecords(): AsyncGenerator<AuditRecord> {
  for await (const { outcome } of outcomes()) {
    const recordedAt = toIso(outcome.recordedAt);
    const key = { pk: `WS#${workspaceId}#CONV#${outcome.conversationId}`, sk: `OUTCOME#${outcome.runId}` };
    const document = { ...outcome, ...key, kind: 'outcome', recorded_at: recordedAt, facts: {} };
    yield { kind: 'outcome', key, recordedAt, document };
  }
}

async function* leafList(): AsyncGenerator<Leaf> {
  for await (const record of dayRecords()) {
    yield { key: record.key, recordedAt: record.recordedAt, hash: leafHash(record) };
  }
}

/** Exports one sealed day, and verifies what was exported. */
async function exportSealed(): Promise<number> {
  const signer = aSigner();
  const tree = startTreeHash();
  const list = startLeafListDigest();
  for await (const leaf of leafList()) {
    tree.add(leaf.hash);
    list.add(leaf);
  }
  const size = tree.size();
  const seal = {
    workspaceId,
    day,
    size,
    late: 0,
    root: tree.root(),
    leafList: list.digest(),
    previous: undefined,
  };
  const header: SealHeader = {
    workspaceId,
    day,
    sealId: 'seal' as SealId,
    note: await signSeal(seal, signer),
    unsigned: {
      keyId: signer.publicKey.fingerprint,
      sealedAt: startOfDay(day),
      recordCount: size,
      lateCount: 0,
    },
  };
  const seals: SealSource = {
    dayRecords,
    leafList,
    async *seals() {
      yield header;
    },
    readRecord: () => Promise.resolve(undefined),
    publicKeys: () => Promise.resolve([{ keyId: signer.publicKey.fingerprint, pem: signer.publicKey.pem }]),
  };
  const request = toRequest({ workspace_id: workspaceId, from: day, to: day, format: 'ndjson' });
  const deps = {
    audit: { queryOutcomes: outcomes },
    seals,
    clock: { now: () => startOfDay(day) },
    observe: () => {},
  };
  await runExport(deps, request, folder, 'test');
  const { findings, records } = await verifyExport(folder, [signer.publicKey]);
  if (findings.length > 0) throw new Error(JSON.stringify(findings.slice(0, 3)));
  return records;
}

const path = join(folder, 'file');
const records =
  format === 'csv'
    ? await writeCsv(path, outcomes())
    : format === 'parquet'
      ? await writeParquet(path, outcomes())
      : await exportSealed();
process.stdout.write(JSON.stringify({ records, megabytes: Math.round(bytes / passes / 1e6) }));
