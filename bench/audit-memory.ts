import { join } from 'node:path';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { v7 as uuidv7 } from 'uuid';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createTables } from '#audit/create-tables.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { toOutcomeItem } from '#audit/outcome-item.ts';
import { openEmbeddedStore } from '#cli/embedded-store.ts';
import { systemClock } from '#cli/system-clock.ts';
import { brandId, type PolicyHash, type RunId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { Outcome } from '#sweep/outcome.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import { workThrough } from '#sweep/worker-pool.ts';
import { type Benchmark, countText, memoryRows } from './benchmark.ts';
import { localStore, openDesk } from './retention-desk.ts';

const few = 10_000;
const many = 100_000;
const workspaceId = brandId<WorkspaceId>('bench');

export const auditMemory: Benchmark = {
  title: 'Memory of an audit query',
  about: `the peak resident set of \`retention audit query --format ndjson\` over ${countText(few)} and ${countText(many)} outcomes (a million would take the embedded store many minutes to take in). Right means that every one of them was printed.`,
  async run() {
    const small = await query(few);
    const large = await query(many);
    return memoryRows(`an audit query over ${countText(many)} outcomes`, large, small, countText(few));
  },
};

async function query(count: number) {
  const nowhere = { url: 'http://127.0.0.1:9', token: 'none', workspaceId };
  await using desk = await openDesk(nowhere, { rules: [] });
  await fill(join(desk.folder, '.retention'), count);
  const asked = ['audit', 'query', '--format', 'ndjson', '--quiet'];
  const { code, stderr, stdout, seconds, peakMegabytes = Number.NaN } = await desk.retention(...asked);
  const lines = stdout.split('\n').length - 1;
  const wrong = lines === count ? [] : [`${lines} of ${count} came (exit code ${code} ${stderr})`];
  return { seconds, peakMegabytes, wrong };
}

/** Straight into the table in batches, which the tool itself never does: this is only to have something to query. */
async function fill(dataDir: string, count: number): Promise<void> {
  const embedded = await openEmbeddedStore(dataDir);
  const client = createDocumentClient({ endpoint: embedded.endpoint, ...localStore.access });
  try {
    await createTables(client, { audit: localStore.auditTable, state: localStore.stateTable });
    const startedAt = systemClock.now() - count;
    const runId = brandId<RunId>(uuidv7({ msecs: startedAt }));
    await createAuditTrail(client, localStore.auditTable, systemClock).putRunStarted(aRun(runId, startedAt));
    await workThrough(batches(count), 8, async (numbers) => {
      const items = numbers.map((number) => toOutcomeItem(anOutcome(runId, startedAt, number)));
      const puts = items.map((item) => ({ PutRequest: { Item: { ...item } } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [localStore.auditTable]: puts } }));
    });
  } finally {
    client.destroy();
    await embedded.close();
  }
}

const itemsPerBatch = 25;

function* batches(count: number): Generator<readonly number[]> {
  for (let first = 0; first < count; first += itemsPerBatch) {
    yield Array.from({ length: Math.min(itemsPerBatch, count - first) }, (_, at) => first + at);
  }
}

const policyHash = brandId<PolicyHash>('0'.repeat(64));

function anOutcome(runId: RunId, startedAtMs: number, number: number): Outcome {
  const recordedAt = instantFromMs(startedAtMs + number);
  return {
    workspaceId,
    conversationId: brandId(String(215_470_000_000_000 + number * 1013)),
    outcome: 'deleted',
    reason: null,
    ruleId: brandId('closed-two-years'),
    policyHash,
    runId,
    trigger: 'schedule',
    retainMetrics: true,
    plannedAt: instantFromMs(startedAtMs),
    attemptedAt: recordedAt,
    deletedAt: recordedAt,
    recordedAt,
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
  };
}

const aRun = (runId: RunId, startedAtMs: number) => ({
  workspaceId,
  runId,
  trigger: 'schedule' as const,
  policyHash,
  planId: undefined,
  phase: 'applying' as const,
  startedAt: instantFromMs(startedAtMs),
  finishedAt: undefined,
  stopReason: undefined,
  nextChunk: 0,
  trimmedTo: undefined,
  intended: 0,
  counts: noOutcomes,
  countsByRule: {},
  apiCalls: 0,
  rateLimited: 0,
});
