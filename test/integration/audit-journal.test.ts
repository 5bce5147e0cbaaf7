import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createSealStore } from '#audit/seal-store.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import { type AuditRecord, leafHash } from '#seal/audit-record.ts';
import type { KeyFingerprint, Leaf, SealHeader, SealId } from '#seal/seal.ts';
import { sealDays } from '#seal/seal-days.ts';
import { maxLeavesPerChunk, type SealStore } from '#seal/seal-store.ts';
import { dayOf, plusDays, startOfDay } from '#seal/utc-day.ts';
import { verifySeals } from '#seal/verify-seals.ts';
import {
  aConfirmation,
  aDeletion,
  aFactsRecord,
  anIntent,
  anOutcome,
  aPlan,
  aReconciliation,
  aRun,
  aSummary,
  conversationIdOf,
  later,
  noon,
  runIdOf,
  stoppedClock,
  workspaceId,
} from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import { aSigner } from '#support/key-signer.ts';
import type { AuditTrail } from '#sweep/ports.ts';

let store: TestStore;
let seals: SealStore;
beforeAll(async () => {
  store = await startTestStore();
  seals = createSealStore(store.client, store.tables.audit, stoppedClock(noon));
});
afterAll(() => store[Symbol.asyncDispose]());

const today = dayOf(noon);
const trailAt = (at = noon): AuditTrail =>
  createAuditTrail(store.client, store.tables.audit, stoppedClock(at));

const change = (key: AuditRecord['key'], attributes: object) => putItem({ ...key, ...attributes });

async function putItem(item: Record<string, unknown>): Promise<void> {
  await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: item }));
}

const anAct = { kind: 'resumed', by: 'ops', subject: 'x', details: {} } as const;

const workspace = (name: string) => brandId<WorkspaceId>(name);

describe('the journal', () => {
  const chunk = {
    workspaceId,
    planId: anIntent().planId,
    chunkNumber: 0,
    deletions: [aDeletion(1), aDeletion(2)],
  };
  const act = { workspaceId, kind: 'paused', at: noon, by: 'ops', subject: 'x#1', details: {} } as const;
  const puts: {
    readonly [Name in Extract<keyof AuditTrail, `put${string}`>]: {
      readonly kind: AuditRecord['kind'];
      readonly put: (audit: AuditTrail) => Promise<unknown>;
    };
  } = {
    putPlanChunk: { kind: 'plan_chunk', put: (audit) => audit.putPlanChunk(chunk) },
    putPlan: { kind: 'plan', put: (audit) => audit.putPlan(aPlan(), '{"version":1}') },
    putRunStarted: { kind: 'run_started', put: (audit) => audit.putRunStarted(aRun()) },
    putIntent: { kind: 'intent', put: (audit) => audit.putIntent(anIntent()) },
    putOutcome: {
      kind: 'outcome',
      put: (audit) => audit.putOutcome(anOutcome({ recordedAt: later(noon, 7) })),
    },
    putConfirmation: { kind: 'confirmation', put: (audit) => audit.putConfirmation(aConfirmation()) },
    putReconciliation: { kind: 'reconciliation', put: (audit) => audit.putReconciliation(aReconciliation()) },
    putSummary: { kind: 'summary', put: (audit) => audit.putSummary(aSummary()) },
    putAct: { kind: 'act', put: (audit) => audit.putAct(act) },
  };

  it('has every kind of record once, on the day on which it was put, in order of time', async () => {
    let number = 0;
    for (const { put } of Object.values(puts)) await put(trailAt(later(noon, number++)));
    for (const { put } of Object.values(puts)) await put(trailAt(later(noon, 86_400_000)));

    const records = await collect(seals.dayRecords(workspaceId, today));
    const expected = Object.values(puts).map(({ kind }, ms) => ({
      kind,
      at: new Date(noon + (kind === 'outcome' ? 7 : ms)).toISOString(),
    }));
    expect(records.map(({ kind, recordedAt }) => ({ kind, at: recordedAt }))).toEqual(
      expected.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)),
    );
    expect(records.every(({ document, recordedAt }) => document['recorded_at'] === recordedAt)).toBe(true);
    expect(await collect(seals.dayRecords(workspaceId, plusDays(today, 1)))).toEqual([]);
    expect(await collect(seals.dayRecords(workspaceId, plusDays(today, -1)))).toEqual([]);
  });

  it('gives each record with its key, its kind and what is packed in it, and without the keys of the indexes', async () => {
    const records = await collect(seals.dayRecords(workspaceId, today));
    const documentOf = (kind: AuditRecord['kind']) =>
      records.find((record) => record.kind === kind)?.document;
    expect(documentOf('plan_chunk')).toEqual({
      pk: 'WS#a86dr8yl#PLAN#019a0001-0000-7000-8000-00000000000a',
      sk: 'CHUNK#000000',
      kind: 'plan_chunk',
      workspace_id: 'a86dr8yl',
      plan_id: '019a0001-0000-7000-8000-00000000000a',
      chunk_number: 0,
      count: 2,
      recorded_at: '2026-11-21T12:00:00.000Z',
      deletions: [
        expect.objectContaining({ conversation_id: '215470000000001', rule_id: 'closed-two-years' }),
        expect.objectContaining({ conversation_id: '215470000000002' }),
      ],
    });
    expect(documentOf('plan')).toMatchObject({
      kind: 'plan',
      policy_json: '{"version":1}',
      windows: JSON.parse(JSON.stringify(aPlan().windows)),
      record: { scanned: 4_500 },
    });
    expect(documentOf('outcome')).toMatchObject({
      kind: 'outcome',
      outcome: 'deleted',
      facts: { state: 'closed' },
    });
    for (const { document } of records) {
      for (const name of ['by_day', 'by_rule', 'by_run', 'at']) expect(document).not.toHaveProperty(name);
    }
  });

  it('orders what was recorded in one millisecond by its keys, whichever list it comes from', async () => {
    const ours = workspace('same-instant');
    const audit = trailAt();
    for (const number of [9, 10, 2, 1]) {
      await audit.putOutcome(anOutcome({ workspaceId: ours, conversationId: conversationIdOf(number) }));
      await audit.putConfirmation(
        aConfirmation({ workspaceId: ours, conversationId: conversationIdOf(number) }),
      );
      await audit.putOutcome(
        anOutcome({ workspaceId: ours, conversationId: conversationIdOf(number), runId: runIdOf(0) }),
      );
    }
    await audit.putIntent(anIntent({ workspaceId: ours }));
    const keys = (await collect(seals.dayRecords(ours, today))).map(({ key }) => `${key.pk}\0${key.sk}`);
    expect(keys).toHaveLength(13);
    expect(keys).toEqual(keys.toSorted());
  });

  it('keeps the workspaces apart', async () => {
    await trailAt().putIntent(anIntent({ workspaceId: workspace('one') }));
    expect(await collect(seals.dayRecords(workspace('two'), today))).toEqual([]);
  });
});

describe('toAuditRecord', () => {
  const ours = workspace('changed');
  const readOutcome = async () => {
    const [record] = await collect(seals.dayRecords(ours, today));
    return record!;
  };

  it.each([
    ['a changed attribute', { outcome: 'kept' }],
    ['an attribute more', { note: 'x' }],
    ['an attribute with a name that documents use themselves', { kind: 'outcome' }],
    ['a rule in the index that is not the rule of the outcome', { by_rule: 'WS#changed#RULE#other#2026-11' }],
    ['a run in the index that is not the run of the outcome', { by_run: 'WS#changed#RUN#other' }],
    ['a place among the records that are no outcomes', { by_day: 'WS#changed#RECORDS#2026-11-21#0' }],
    ['another place in its day', { at: '2026-11-21T12:00:00.001Z#215470000000001' }],
    ['bytes', { note: new Uint8Array([1, 2]) }],
    ['bytes that are not what the name promises', { windows_json_gz: new Uint8Array([1, 2]) }],
    ['a set', { note: new Set(['a']) }],
    ['a number too large', { note: 2n ** 70n }],
    ['a part of another kind', { facts: [] }],
  ])('has another hash with %s', async (_, attributes) => {
    await trailAt().putOutcome(anOutcome({ workspaceId: ours }));
    const before = await readOutcome();
    const stored = await rawItem(before.key);
    try {
      await change(before.key, { ...stored, ...attributes });
      const after = await readOutcome();
      expect(after.key).toEqual(before.key);
      expect(leafHash(after)).not.toEqual(leafHash(before));
    } finally {
      await putItem(stored);
    }
    expect(leafHash(await readOutcome())).toEqual(leafHash(before));
  });

  it.each(['by_rule', 'by_run'])('has another hash without %s', async (name) => {
    const before = await readOutcome();
    const stored = await rawItem(before.key);
    await putItem(Object.fromEntries(Object.entries(stored).filter(([each]) => each !== name)));
    const after = await readOutcome();
    await putItem(stored);
    expect(after.document['missing_index_keys']).toEqual([name]);
    expect(leafHash(after)).not.toEqual(leafHash(before));
  });

  it('finds an item by its key that has lost its place in the journal', async () => {
    const before = await readOutcome();
    const { by_day: _day, at: _at, ...rest } = await rawItem(before.key);
    await putItem(rest);
    expect(await collect(seals.dayRecords(ours, today))).toEqual([]);
    const found = await seals.readRecord(before.key);
    expect(found).toMatchObject({ kind: 'outcome', recordedAt: '' });
    expect(leafHash(found!)).toEqual(leafHash(before));
    expect(await seals.readRecord({ pk: 'WS#changed#ACTS', sk: 'none' })).toBeUndefined();
  });

  async function rawItem(key: AuditRecord['key']): Promise<Record<string, unknown>> {
    const { Item } = await store.client.send(
      new GetCommand({ TableName: store.tables.audit, Key: { ...key } }),
    );
    return Item!;
  }
});

describe('createSealStore', () => {
  const ours = workspace('sealed');
  const sealId = '019a0003-7c1e-7b3a-9d2f-0a1b2c3d4e5f' as SealId;
  const keyId = 'ab'.repeat(32) as KeyFingerprint;
  const aSeal = (changes: Partial<SealHeader> = {}): SealHeader => ({
    workspaceId: ours,
    day: today,
    sealId,
    note: 'text\n\n— name c2lnbmF0dXJl\n',
    unsigned: { keyId, sealedAt: noon, recordCount: 3, lateCount: 1 },
    ...changes,
  });

  it('keeps the seal of a day that comes first', async () => {
    expect(await seals.readSeal(ours, today)).toBeUndefined();
    expect(await seals.putSeal(aSeal())).toBe('written');
    expect(await seals.putSeal(aSeal({ note: 'other' }))).toBe('already_there');
    expect(await seals.readSeal(ours, today)).toEqual(aSeal());
  });

  it('gives the seals of a workspace, the oldest first', async () => {
    await seals.putSeal(aSeal({ day: plusDays(today, 10) }));
    await seals.putSeal(aSeal({ day: plusDays(today, -1) }));
    expect((await collect(seals.seals(ours))).map(({ day }) => day)).toEqual([
      plusDays(today, -1),
      today,
      plusDays(today, 10),
    ]);
  });

  it('gives a leaf list as it was put, part by part', async () => {
    const leaves = Array.from(
      { length: maxLeavesPerChunk + 3 },
      (_, number): Leaf => ({
        key: { pk: `WS#sealed#CONV#${number}`, sk: 'CONFIRMATION' },
        recordedAt: new Date(noon + number).toISOString(),
        hash: Buffer.alloc(32, number),
      }),
    );
    expect(await seals.putLeaves(aSeal(), 1, leaves.slice(maxLeavesPerChunk))).toBe('written');
    expect(await seals.putLeaves(aSeal(), 0, leaves.slice(0, maxLeavesPerChunk))).toBe('written');
    expect(await collect(seals.leafList(aSeal()))).toEqual(leaves);
    expect(await collect(seals.leafList(aSeal({ sealId: 'none' as SealId })))).toEqual([]);
    expect(await collect(seals.leafList(aSeal({ sealId: '' as SealId })))).toEqual([]);
  });

  it('leaves out of a list what cannot be read', async () => {
    const list = aSeal({ sealId: 'torn' as SealId });
    await putItem({
      pk: `WS#sealed#SEAL#${today}#torn`,
      sk: 'LEAVES#000000',
      leaves_ndjson_gz: Buffer.from('no'),
    });
    await putItem({ pk: `WS#sealed#SEAL#${today}#torn`, sk: 'LEAVES#000001' });
    expect(await collect(seals.leafList(list))).toEqual([]);
  });

  it('gives a seal that nothing can be read of as one with an empty note', async () => {
    const other = workspace('torn');
    await putItem({ pk: 'WS#torn#SEALS', sk: today, note: 7 });
    await putItem({ pk: 'WS#torn#SEALS', sk: 'no day' });
    expect(await collect(seals.seals(other))).toEqual([
      {
        workspaceId: other,
        day: today,
        sealId: '',
        note: '',
        unsigned: { keyId: '', sealedAt: 0, recordCount: 0, lateCount: 0 },
      },
    ]);
  });

  it('publishes each key once', async () => {
    expect(await seals.publicKeys(ours)).toEqual([]);
    expect(await seals.putPublicKey(ours, { keyId, pem: 'PEM' })).toBe('written');
    expect(await seals.putPublicKey(ours, { keyId, pem: 'other' })).toBe('already_there');
    expect(await seals.publicKeys(ours)).toEqual([{ keyId, pem: 'PEM' }]);
  });

  it('puts nothing of all this into the journal', async () => {
    expect(await collect(seals.dayRecords(ours, today))).toEqual([]);
  });

  it('takes the day of the first record, be it a plan that nobody ever ran', async () => {
    const other = workspace('long-ago');
    expect(await seals.firstRecordDay(other)).toBeUndefined();
    await trailAt().putRunStarted(aRun({ workspaceId: other }));
    expect(await seals.firstRecordDay(other)).toBe('2026-11-21');
    await trailAt(instantFromIso('2026-09-30T23:59:59.999Z')).putPlan(aPlan({ workspaceId: other }), '{}');
    expect(await seals.firstRecordDay(other)).toBe('2026-09-30');
    await trailAt(instantFromIso('2026-09-29T00:00:00.000Z')).putAct({
      workspaceId: other,
      kind: 'resumed',
      at: noon,
      by: 'ops',
      subject: 'x',
      details: {},
    });
    expect(await seals.firstRecordDay(other)).toBe('2026-09-29');
  });

  it.each(['RUNS', 'ACTS', 'RECONCILIATIONS'])(
    'is not kept from the first record by items without a time that somebody else put first into the list %s',
    async (list) => {
      const other = workspace(`foreign-${list.toLowerCase()}`);
      const strangers = [undefined, null, 7, '', '0', 'no time', '2026-02-30T00:00:00.000Z'];
      for (let number = 0; number < 25; number += 1) {
        const recordedAt = strangers[number % strangers.length];
        await putItem({ pk: `WS#${other}#${list}`, sk: `0${number}`, recorded_at: recordedAt });
      }
      expect(await seals.firstRecordDay(other)).toBeUndefined();
      expect(await trailAt().firstRecordAt(other)).toBeUndefined();
      const longAgo = instantFromIso('2026-01-16T12:00:00.000Z');
      const trail = trailAt(longAgo);
      if (list === 'RUNS') await trail.putRunStarted(aRun({ workspaceId: other, startedAt: longAgo }));
      if (list === 'ACTS') await trail.putAct({ ...anAct, workspaceId: other, at: longAgo });
      if (list === 'RECONCILIATIONS') await trail.putReconciliation(aReconciliation({ workspaceId: other }));
      expect(await seals.firstRecordDay(other)).toBe('2026-01-16');
      expect(await trailAt().firstRecordAt(other)).toBe(longAgo);
    },
  );

  it('takes the time of the first record, whatever kind it is of, for the beginning of the audit', async () => {
    const other = workspace('just-begun');
    const trail = trailAt();
    expect(await trail.firstRecordAt(other)).toBeUndefined();
    await trailAt(later(noon, 5)).putReconciliation(aReconciliation({ workspaceId: other }));
    expect(await trail.firstRecordAt(other)).toBe(later(noon, 5));
    await trailAt(later(noon, 3)).putConfirmation(aConfirmation({ workspaceId: other }));
    expect(await trail.firstRecordAt(other)).toBe(later(noon, 3));
    const act = { ...anAct, workspaceId: other, at: later(noon, 9) };
    await trailAt(later(noon, 2)).putAct(act);
    expect(await trail.firstRecordAt(other)).toBe(later(noon, 2));
    await trailAt(instantFromIso('2026-09-30T23:59:59.999Z')).putPlan(aPlan({ workspaceId: other }), '{}');
    expect(await trail.firstRecordAt(other)).toBe(instantFromIso('2026-09-30T23:59:59.999Z'));
    await putItem({ pk: 'x', sk: 'x', by_day: `WS#${other}#RECORDS#2026-09-29#0`, at: 'no time' });
    expect(await trail.firstRecordAt(other)).toBe(instantFromIso('2026-09-29T00:00:00.000Z'));
  });

  it('reads facts, times and flags of a record as they were put', async () => {
    const other = workspace('facts');
    await trailAt().putOutcome(anOutcome({ workspaceId: other, facts: aFactsRecord({ teamId: undefined }) }));
    const [record] = await collect(seals.dayRecords(other, today));
    expect(record?.document['facts']).not.toHaveProperty('team_id');
    expect(record?.document['retain_metrics']).toBe(true);
  });
});

describe('an item in the journal whose time is none of its day', () => {
  const signer = aSigner();

  async function sealBefore(ours: WorkspaceId, days: number) {
    const now = later(startOfDay(plusDays(today, days)), 3_600_000);
    const deps = { store: seals, signer, clock: stoppedClock(now), newId: () => `seal-${days}` };
    const request = {
      workspaceId: ours,
      settlingDelayMs: 3_600_000,
      lookBackDays: 3,
      otherKey: 'refuse',
    } as const;
    return collect(sealDays(deps, request));
  }

  const findings = async (ours: WorkspaceId) =>
    (await collect(verifySeals(seals, { workspaceId: ours }))).flatMap(({ findings }) =>
      findings.map(
        (finding) => `${finding.kind} ${'record' in finding ? finding.record.key.sk : finding.day}`,
      ),
    );

  it.each([
    ['!!!', '!!!'],
    ['zzz', 'zzz'],
    ['2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['2026-12-24T00:00:00.000Z', '!!!'],
  ])('"%s" is sealed with its day, once, and named when it is gone', async (at, recordedAt) => {
    const ours = workspace(`odd-${at.replaceAll(/\W/g, '-')}-${recordedAt.length}`);
    const odd = { pk: `WS#${ours}#PLAN#odd`, sk: 'PLAN' };
    const place = { by_day: `WS#${ours}#RECORDS#${today}#0`, at, recorded_at: recordedAt };
    await trailAt().putRunStarted(aRun({ workspaceId: ours }));
    await putItem({ pk: `WS#${ours}#PLAN#early`, sk: 'PLAN', ...place });
    const list = [...(await sealBefore(ours, 1)), ...(await sealBefore(ours, 2))];
    expect(list.map(({ unsigned }) => [unsigned.recordCount, unsigned.lateCount])).toEqual([
      [2, 0],
      [0, 0],
    ]);
    await putItem({ ...odd, ...place });
    expect(await findings(ours)).toHaveLength(1);
    expect((await sealBefore(ours, 3)).map(({ unsigned }) => unsigned.lateCount)).toEqual([1]);
    expect((await sealBefore(ours, 4)).map(({ unsigned }) => unsigned.lateCount)).toEqual([0]);
    expect(await findings(ours)).toEqual([]);
    await store.client.send(new DeleteCommand({ TableName: store.tables.audit, Key: odd }));
    expect(await findings(ours)).toEqual([`removed ${odd.sk}`]);
  });
});
