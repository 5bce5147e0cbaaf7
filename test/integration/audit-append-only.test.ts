import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createSealStore } from '#audit/seal-store.ts';
import type { KeyFingerprint, SealHeader, SealId } from '#seal/seal.ts';
import type { SealStore } from '#seal/seal-store.ts';
import { dayOf } from '#seal/utc-day.ts';
import {
  aConfirmation,
  aDeletion,
  anIntent,
  anOutcome,
  aPlan,
  aReconciliation,
  aRun,
  aSummary,
  conversationIdOf,
  noon,
  runIdOf,
  stoppedClock,
  workspaceId,
} from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import type { AuditTrail } from '#sweep/ports.ts';

interface SentCommand {
  readonly name: string | undefined;
  readonly condition: unknown;
}

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

/** Whatever the SDK is about to put on the wire. */
function recordCommands(client: DynamoDBDocumentClient): SentCommand[] {
  const sent: SentCommand[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const condition = 'ConditionExpression' in args.input ? args.input.ConditionExpression : undefined;
        sent.push({ name: commandName, condition });
        return next(args);
      },
    { step: 'initialize', name: 'recordCommands' },
  );
  return sent;
}

const { planId, runId } = anIntent();
const chunk = { workspaceId, planId, chunkNumber: 0, deletions: [aDeletion(1)] };
const act = { workspaceId, kind: 'paused', at: noon, by: 'ops', subject: 'x', details: {} } as const;

const writes: {
  readonly [Name in Extract<keyof AuditTrail, `put${string}`>]: (audit: AuditTrail) => unknown;
} = {
  putPlanChunk: (audit) => audit.putPlanChunk(chunk),
  putPlan: (audit) => audit.putPlan(aPlan(), '{}'),
  putRunStarted: (audit) => audit.putRunStarted(aRun()),
  putIntent: (audit) => audit.putIntent(anIntent()),
  putOutcome: (audit) => audit.putOutcome(anOutcome()),
  putConfirmation: (audit) => audit.putConfirmation(aConfirmation()),
  putReconciliation: (audit) => audit.putReconciliation(aReconciliation()),
  putSummary: (audit) => audit.putSummary(aSummary()),
  putAct: (audit) => audit.putAct(act),
};

const reads: {
  readonly [Name in Exclude<keyof AuditTrail, keyof typeof writes>]: (audit: AuditTrail) => unknown;
} = {
  readPlan: (audit) => audit.readPlan(workspaceId, planId),
  readPlanPolicy: (audit) => audit.readPlanPolicy(workspaceId, planId),
  readPlanChunk: (audit) => audit.readPlanChunk(workspaceId, planId, 0),
  planChunks: (audit) => collect(audit.planChunks(workspaceId, planId)),
  readIntent: (audit) => audit.readIntent(workspaceId, runId, 0),
  intents: (audit) => collect(audit.intents(workspaceId, runId)),
  readOutcomes: (audit) => audit.readOutcomes(workspaceId, runId, [conversationIdOf(1)]),
  firstRecordAt: (audit) => audit.firstRecordAt(workspaceId),
  queryOutcomes: async (audit) => {
    const { ruleId } = anOutcome();
    const filters = [{}, { runId: runIdOf(1) }, { ruleId }, { conversationId: conversationIdOf(1) }];
    for (const filter of filters) await collect(audit.queryOutcomes(workspaceId, filter));
  },
  outcomesOfConversation: (audit) => audit.outcomesOfConversation(workspaceId, conversationIdOf(1)),
  readSummary: (audit) => audit.readSummary(workspaceId, runId),
  readConfirmations: (audit) => audit.readConfirmations(workspaceId, [conversationIdOf(1)]),
  reconciliations: (audit) => collect(audit.reconciliations(workspaceId)),
  summaries: (audit) => collect(audit.summaries(workspaceId)),
  acts: (audit) => collect(audit.acts(workspaceId)),
};

describe('createAuditTrail', () => {
  it('keeps promise 12: it only ever puts single items under the condition that none is there, and never scans', async () => {
    const client = store.connect();
    const sent = recordCommands(client);
    const audit = createAuditTrail(client, store.tables.audit, stoppedClock(noon));

    for (const write of Object.values(writes)) await write(audit);
    const written = sent.splice(0);
    expect(written).toEqual(
      Object.keys(writes).map(() => ({
        name: 'PutItemCommand',
        condition: 'attribute_not_exists(pk)',
      })),
    );

    for (const read of Object.values(reads)) await read(audit);
    expect(new Set(sent.map(({ name }) => name))).toEqual(
      new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand']),
    );
    client.destroy();
  });
});

const seal: SealHeader = {
  workspaceId,
  day: dayOf(noon),
  sealId: '019a0003-7c1e-7b3a-9d2f-0a1b2c3d4e5f' as SealId,
  note: 'note',
  unsigned: { keyId: 'ab'.repeat(32) as KeyFingerprint, sealedAt: noon, recordCount: 0, lateCount: 0 },
};

const sealWrites: {
  readonly [Name in Extract<keyof SealStore, `put${string}`>]: (seals: SealStore) => unknown;
} = {
  putLeaves: (seals) => seals.putLeaves(seal, 0, []),
  putSeal: (seals) => seals.putSeal(seal),
  putPublicKey: (seals) => seals.putPublicKey(workspaceId, { keyId: seal.unsigned.keyId, pem: 'PEM' }),
};

const sealReads: {
  readonly [Name in Exclude<keyof SealStore, keyof typeof sealWrites>]: (seals: SealStore) => unknown;
} = {
  dayRecords: (seals) => collect(seals.dayRecords(workspaceId, seal.day)),
  readRecord: (seals) => seals.readRecord({ pk: 'WS#a86dr8yl#ACTS', sk: 'x' }),
  seals: (seals) => collect(seals.seals(workspaceId)),
  leafList: (seals) => collect(seals.leafList(seal)),
  publicKeys: (seals) => seals.publicKeys(workspaceId),
  firstRecordDay: (seals) => seals.firstRecordDay(workspaceId),
  readSeal: (seals) => seals.readSeal(workspaceId, seal.day),
};

describe('createSealStore', () => {
  it('keeps promise 12, too: seals are added as records are, and nothing is scanned', async () => {
    const client = store.connect();
    const sent = recordCommands(client);
    const seals = createSealStore(client, store.tables.audit, stoppedClock(noon));
    for (const write of Object.values(sealWrites)) await write(seals);
    expect(sent.splice(0)).toEqual(
      Object.keys(sealWrites).map(() => ({
        name: 'PutItemCommand',
        condition: 'attribute_not_exists(pk)',
      })),
    );
    for (const read of Object.values(sealReads)) await read(seals);
    expect(new Set(sent.map(({ name }) => name))).toEqual(new Set(['GetItemCommand', 'QueryCommand']));
    client.destroy();
  });
});
