/**
 * `node bench/seal-loop.ts COUNT`: seals and verifies a day of so many made-up records, which come as a stream as from a store, and prints
 * what it took as JSON. The list goes to a file and comes back from it.
 */
import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { fromLeafChunkItem, toLeafChunkItem } from '#audit/leaf-chunk-item.ts';
import { toOutcomeItem } from '#audit/outcome-item.ts';
import { toAuditRecord } from '#audit/to-audit-record.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { type AuditRecord, canonicalRecord } from '#seal/audit-record.ts';
import type { KeyFingerprint, SealHeader } from '#seal/seal.ts';
import { sealDays } from '#seal/seal-days.ts';
import type { SealStore } from '#seal/seal-store.ts';
import { parsePublicKey, type Signer } from '#seal/signing-key.ts';
import { dayOf, startOfDay, type UtcDay } from '#seal/utc-day.ts';
import { verifySeals } from '#seal/verify-seals.ts';

const count = Number(process.argv[2]);
const workspaceId = brandId<WorkspaceId>('bench');
const now = instantFromMs(Date.UTC(2026, 10, 21, 12));
const sealedDay = dayOf(instantFromMs(now - 86_400_000));

/** About as many as a store gives at once; then the process turns to what else there is, as while it waits for the next page. */
const recordsPerPage = 1_000;

/** In the order of a day. Generated for each reader anew: a store would not keep them in memory either. */
async function* dayOfRecords(): AsyncGenerator<AuditRecord> {
  for (let number = 0; number < count; number += 1) {
    if (number % recordsPerPage === 0) await nextTurn();
    yield recordOf(number);
  }
}

function recordOf(number: number): AuditRecord {
  const at = instantFromMs(startOfDay(sealedDay) + Math.floor((number * 86_400_000) / count));
  return toAuditRecord(
    toOutcomeItem({
      workspaceId,
      conversationId: brandId(String(215_470_000_000_000 + number * 1013)),
      outcome: 'deleted',
      reason: null,
      ruleId: brandId('closed-two-years'),
      policyHash: brandId('0'.repeat(64)),
      runId: brandId('019a0001-7c1e-7b3a-9d2f-0a1b2c3d4e5f'),
      trigger: 'schedule',
      retainMetrics: true,
      plannedAt: at,
      attemptedAt: at,
      deletedAt: at,
      recordedAt: at,
      httpStatus: 200,
      intercomRequestId: `0049j3a1s8e0m2b${number}`,
      facts: {
        state: 'closed',
        createdAt: instantFromMs(1_600_000_000_000 + number * 1000),
        updatedAt: instantFromMs(1_620_000_000_000 + number * 1000),
        tagIds: [brandId('7522907'), brandId('7522908')],
        teamId: brandId('5017691'),
        hasTicket: false,
      },
    }),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'retention-bench-'));
const listFile = openSync(join(folder, 'leaves'), 'w+');
const chunks: { readonly position: number; readonly length: number }[] = [];
const headers: SealHeader[] = [];
const pems: { readonly keyId: KeyFingerprint; readonly pem: string }[] = [];

const store: SealStore = {
  dayRecords: (_, day: UtcDay) => (day === sealedDay ? dayOfRecords() : nothing()),
  readRecord: () => Promise.resolve(undefined),
  firstRecordDay: () => Promise.resolve(sealedDay),
  async *seals() {
    yield* headers;
  },
  readSeal: () => Promise.resolve(headers[0]),
  putSeal(seal) {
    headers.push(seal);
    return Promise.resolve('written');
  },
  putLeaves(list, chunkNumber, leaves) {
    const packed = toLeafChunkItem(list, chunkNumber, leaves)['leaves_ndjson_gz'] as Buffer; // packed by that function
    const position = statSync(join(folder, 'leaves')).size;
    writeSync(listFile, packed, 0, packed.length, position);
    chunks.push({ position, length: packed.length });
    return Promise.resolve('written');
  },
  async *leafList() {
    for (const { position, length } of chunks) {
      const packed = Buffer.alloc(length);
      readSync(listFile, packed, 0, length, position);
      yield* fromLeafChunkItem({ leaves_ndjson_gz: packed });
    }
  },
  publicKeys: () => Promise.resolve(pems),
  putPublicKey(_, key) {
    pems.push(key);
    return Promise.resolve('written');
  },
};

async function* nothing(): AsyncGenerator<never> {}

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const sealKey = parsePublicKey(publicKey.export({ type: 'spki', format: 'der' }));
if (sealKey === undefined) throw new Error('An Ed25519 key must do.');
const signer: Signer = {
  publicKey: sealKey,
  sign: (text) => Promise.resolve(sign(null, text, privateKey)),
};

/** Of this process, so that what else runs on the machine counts little. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function timed(work: () => Promise<unknown>): Promise<{ readonly cpuMs: number; readonly ms: number }> {
  const [startedAt, cpuBefore] = [performance.now(), cpuMs()];
  await work();
  return { cpuMs: cpuMs() - cpuBefore, ms: performance.now() - startedAt };
}

const textsAtOnce = 1_000;

/** SHA-256 of each record's bytes, and nothing else: making them does not count. */
async function plainHashes(): Promise<{ readonly cpuMs: number; readonly bytes: number }> {
  let [spentMs, bytes] = [0, 0];
  for (let first = 0; first < count; first += textsAtOnce) {
    const numbers = Array.from({ length: Math.min(textsAtOnce, count - first) }, (_, at) => first + at);
    const texts = numbers.map((number) => Buffer.from(canonicalRecord(recordOf(number))));
    const before = cpuMs();
    for (const text of texts) hash('sha256', text, 'buffer');
    spentMs += cpuMs() - before;
    for (const text of texts) bytes += text.length;
  }
  return { cpuMs: spentMs, bytes };
}

try {
  const reading = await timed(async () => {
    for await (const _ of dayOfRecords());
  });
  const request = { workspaceId, settlingDelayMs: 0, lookBackDays: 0, otherKey: 'refuse' } as const;
  const sealing = await timed(() =>
    Array.fromAsync(sealDays({ store, signer, clock: { now: () => now }, newId: uuidv7 }, request)),
  );
  let records: number | undefined;
  let findings = 0;
  const verifying = await timed(async () => {
    for await (const day of verifySeals(store, { workspaceId, trustedKeys: [sealKey] })) {
      records = day.recordCount;
      findings += day.findings.length;
    }
  });
  // Before the peer has its turn.
  const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
  const plain = await plainHashes();
  process.stdout.write(
    JSON.stringify({ reading, sealing, verifying, peakMegabytes, plain, records, findings }),
  );
} finally {
  closeSync(listFile);
  rmSync(folder, { recursive: true });
}
