import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { toSealHeaderItem } from '#audit/seal-header-item.ts';
import { createSealStore } from '#audit/seal-store.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { SealStore } from '#seal/seal-store.ts';
import { parsePublicKey } from '#seal/signing-key.ts';
import { dayOf, parseUtcDay, plusDays, startOfDay } from '#seal/utc-day.ts';
import { verifySeals } from '#seal/verify-seals.ts';
import {
  aConfirmation,
  anIntent,
  aRun,
  conversationIdOf,
  later,
  stoppedClock,
} from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import { newKmsKey, type SealAwsServices, startSealAwsServices } from '#support/seal-aws-services.ts';

const workspaceId = brandId<WorkspaceId>('simulated');
/** The last of four days is the newest that is over, whatever the time is now. */
const firstDay = plusDays(dayOf(instantFromMs(Date.now() - 3_600_000)), -4);
const days = [0, 1, 2, 3].map((number) => plusDays(firstDay, number));
const noonOf = (number: number): Instant => later(startOfDay(plusDays(firstDay, number)), 12 * 3_600_000);

let store: TestStore;
let aws: SealAwsServices;
let seals: SealStore;
let output: CapturedOutput;

beforeEach(async () => {
  store = await startTestStore();
  aws = await startSealAwsServices();
  seals = createSealStore(store.client, store.tables.audit, stoppedClock(noonOf(4)));
  output = captureOutput();
  await putRecords(0, 3);
});
afterEach(async () => {
  output[Symbol.dispose]();
  vi.unstubAllEnvs();
  await aws[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

const trailAt = (at: Instant) => createAuditTrail(store.client, store.tables.audit, stoppedClock(at));

async function putRecords(number: number, count: number): Promise<void> {
  const audit = trailAt(noonOf(number));
  await audit.putRunStarted(aRun({ workspaceId }));
  for (let each = 1; each < count; each += 1) {
    await audit.putConfirmation(
      aConfirmation({ workspaceId, conversationId: conversationIdOf(number * 100 + each) }),
    );
  }
}

/** The exported handler as a new Lambda instance has it. */
async function coldStart(changes: Readonly<Record<string, string>> = {}) {
  const environment = {
    STAGE: 'test',
    WORKSPACE_ID: workspaceId,
    AUDIT_TABLE: store.tables.audit,
    SEAL_KEY_ID: 'arn:aws:kms:eu-west-1:123456789012:key/1',
    SEAL_BUCKET: 'seals',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL_DYNAMODB: store.endpoint,
    AWS_ENDPOINT_URL_KMS: aws.endpoint,
    AWS_ENDPOINT_URL_S3: aws.endpoint,
    ...changes,
  };
  vi.unstubAllEnvs();
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.resetModules();
  const { handler } = await import('#handlers/seal.ts');
  return handler;
}

const tenMinutes = lambdaContext({ remainingMs: 600_000 });
/** Enough for one day: a slice ends a minute before its deadline. */
const hardlyAnything = () => ({ ...lambdaContext(), getRemainingTimeInMillis: () => 60_001 });

const findings = async (trustedKeys?: Parameters<typeof verifySeals>[1]['trustedKeys']) =>
  (await collect(verifySeals(seals, { workspaceId, trustedKeys }))).flatMap(({ findings }) => findings);

const metricsLine = () => output.takeLines().find((line) => '_aws' in line);

describe('handler that seals', () => {
  it('seals every day that is over with the key in KMS, and tells log and metrics', async () => {
    const handler = await coldStart();
    const answer = await handler({}, tenMinutes);
    expect(answer).toEqual({
      execution: expect.any(String),
      done: true,
      sealed_days: 4,
      late_records: 0,
      newest_sealed_day: days[3],
    });
    const key = parsePublicKey(aws.publicKey.export({ type: 'spki', format: 'der' }))!;
    expect(await findings([key])).toEqual([]);
    expect((await seals.publicKeys(workspaceId)).map(({ keyId }) => keyId)).toEqual([key.fingerprint]);
    const lines = output.takeLines();
    expect(lines.find(({ message }) => message === 'seal_slice')).toMatchObject({
      service: 'seal',
      done: true,
      sealed_days: 4,
      newest_sealed_day: days[3],
    });
    expect(lines.find((line) => '_aws' in line)).toMatchObject({ SealFinished: 1, SealDays: 4, SealLate: 0 });
  });

  it('keeps a copy of each seal in the bucket: list, key, and last the seal itself', async () => {
    const handler = await coldStart();
    await handler({}, tenMinutes);
    const [first, empty] = days;
    expect([...aws.objects.keys()].slice(0, 5)).toEqual([
      `simulated/${first}/leaves-000000.ndjson.gz`,
      `simulated/${first}/public-key.pem`,
      `simulated/${first}/seal.txt`,
      `simulated/${empty}/public-key.pem`,
      `simulated/${empty}/seal.txt`,
    ]);
    const seal = await seals.readSeal(workspaceId, first!);
    expect(aws.objects.get(`simulated/${first}/seal.txt`)?.toString()).toBe(seal?.note);
    const list = gunzipSync(aws.objects.get(`simulated/${first}/leaves-000000.ndjson.gz`)!);
    expect(list.toString().trimEnd().split('\n')).toHaveLength(3);
    const digest = createHash('sha256').update(list).digest('base64');
    expect(seal?.note).toContain(`leaves ${digest}\n`);
  });

  it('has nothing to do when all is sealed, but for a shorter settling delay', async () => {
    const handler = await coldStart();
    await handler({}, tenMinutes);
    const puts = aws.puts;
    expect(await handler({}, tenMinutes)).toMatchObject({
      done: true,
      sealed_days: 0,
      newest_sealed_day: days[3],
    });
    expect(aws.puts).toBe(puts);

    output.takeLines();
    const settledLess = await coldStart({ SEAL_SETTLING_DELAY: '0s' });
    await settledLess({}, tenMinutes);
    expect(metricsLine()).toMatchObject({ SealFinished: 1, SealLate: 0 });
  });

  it('counts a record that came after its day was sealed', async () => {
    const first = await coldStart({ SEAL_SETTLING_DELAY: '36h' });
    const { newest_sealed_day: newest } = await first({}, tenMinutes);
    expect(newest! < days[3]!).toBe(true);
    await trailAt(noonOf(1)).putIntent(anIntent({ workspaceId }));
    output.takeLines();
    const next = await coldStart();
    expect(await next({}, tenMinutes)).toMatchObject({ done: true, late_records: 1 });
    expect(metricsLine()).toMatchObject({ SealLate: 1 });
    expect(await findings()).toEqual([]);
  });

  it('stops a minute before its deadline, and goes on where it stopped when invoked with its answer', async () => {
    const handler = await coldStart();
    const answers = [await handler({}, hardlyAnything())];
    expect(answers[0]).toMatchObject({ done: false, sealed_days: 1, newest_sealed_day: days[0] });
    while (answers.at(-1)?.done === false && answers.length < 10) {
      answers.push(await handler(answers.at(-1), hardlyAnything()));
    }
    expect(answers.at(-1)).toMatchObject({
      done: true,
      newest_sealed_day: days[3],
      execution: answers[0]?.execution,
    });
    expect(await findings()).toEqual([]);
    expect([...aws.objects.keys()].filter((key) => key.endsWith('seal.txt'))).toHaveLength(4);
  });

  it('makes the copies that it could not make when the bucket failed', async () => {
    const handler = await coldStart();
    aws.s3Failure = { status: 500, name: 'InternalError' };
    await expect(handler({}, tenMinutes)).rejects.toThrow(
      's3:PutObject on the bucket that SEAL_BUCKET names',
    );
    expect(await collect(seals.seals(workspaceId))).toHaveLength(1);
    aws.s3Failure = undefined;
    expect(await handler({}, tenMinutes)).toMatchObject({ done: true, sealed_days: 3 });
    expect([...aws.objects.keys()].filter((key) => key.endsWith('seal.txt'))).toHaveLength(4);
  });

  it('seals each day once when two are at it, and a copy of every seal is kept', async () => {
    const handler = await coldStart();
    const both = await Promise.all([handler({}, tenMinutes), handler({}, tenMinutes)]);
    expect(both.reduce((sum, { sealed_days: sealed }) => sum + sealed, 0)).toBe(4);
    expect(await findings()).toEqual([]);
    for (const day of days) {
      const seal = await seals.readSeal(workspaceId, day);
      expect(aws.objects.get(`simulated/${day}/seal.txt`)?.toString()).toBe(seal?.note);
    }
  });

  it('leaves a copy alone that is there already', async () => {
    aws.objects.set(`simulated/${days[0]}/public-key.pem`, Buffer.from('another'));
    const handler = await coldStart();
    expect(await handler({}, tenMinutes)).toMatchObject({ done: true });
    expect(aws.objects.get(`simulated/${days[0]}/public-key.pem`)?.toString()).toBe('another');
  });

  it('says in the log that another key begins', async () => {
    const first = await coldStart({ SEAL_SETTLING_DELAY: '60h' });
    await first({}, tenMinutes);
    Object.assign(aws, newKmsKey());
    output.takeLines();
    const next = await coldStart();
    expect(await next({}, tenMinutes)).toMatchObject({ done: true });
    const lines = output.takeLines();
    expect(lines.find((line) => '_aws' in line)).toMatchObject({ SealKeyChanged: 1 });
    expect(lines.find(({ message }) => message === 'seal_new_key')).toMatchObject({
      key_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      new_key_id: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await seals.publicKeys(workspaceId)).toHaveLength(2);
    expect(await findings()).toEqual([]);
  });

  it('goes by the key that signed the newest seal, whatever stands beside it', async () => {
    const first = await coldStart({ SEAL_SETTLING_DELAY: '60h' });
    await first({}, tenMinutes);
    const newest = (await collect(seals.seals(workspaceId))).at(-1)!;
    const forged = { ...toSealHeaderItem(newest), key_id: 'trusted-by-KPMG' };
    await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: forged }));
    aws.objects.clear();
    output.takeLines();
    const next = await coldStart();
    await next({}, tenMinutes);
    expect(output.takeLines().filter(({ message }) => message === 'seal_new_key')).toEqual([]);
    const [published] = await seals.publicKeys(workspaceId);
    expect(aws.objects.get(`simulated/${newest.day}/public-key.pem`)?.toString()).toBe(published!.pem);
    expect(await findings()).toEqual([{ kind: 'header_altered', day: newest.day }]);
  });

  it('fails, and copies nothing, when somebody has put a seal of a far day', async () => {
    const first = await coldStart({ SEAL_SETTLING_DELAY: '60h' });
    await first({}, tenMinutes);
    const copies = aws.objects.size;
    const [newest] = await collect(seals.seals(workspaceId));
    await seals.putSeal({ ...newest!, day: parseUtcDay('2999-01-01')! });
    output.takeLines();
    const next = await coldStart();
    await expect(next({}, tenMinutes)).rejects.toThrow(
      /^The seal that stands under 2999-01-01 is of a day that has not begun,/,
    );
    expect(metricsLine()).not.toMatchObject({ SealFinished: 1 });
    expect(aws.objects.size).toBe(copies);
  });

  it.each([
    ['AccessDeniedException', 400, 'AWS does not allow kms:GetPublicKey on the key that SEAL_KEY_ID names;'],
    [
      'NotFoundException',
      400,
      'AWS refused kms:GetPublicKey on the key that SEAL_KEY_ID names (NotFoundException)',
    ],
    ['KMSInternalException', 500, 'kms:GetPublicKey on the key that SEAL_KEY_ID names did not work'],
  ])('seals nothing when KMS answers %s, and says why', async (name, status, sentence) => {
    aws.kmsFailure = { status, name };
    const handler = await coldStart();
    await expect(handler({}, tenMinutes)).rejects.toThrow(sentence);
    expect(await collect(seals.seals(workspaceId))).toEqual([]);
  });

  it('seals nothing with a key of another kind, or with a signature of another key', async () => {
    const { publicKey } = aws;
    aws.publicKey = newKmsKey('P-384').publicKey;
    await expect((await coldStart())({}, tenMinutes)).rejects.toThrow('cannot sign seals');
    aws.publicKey = publicKey;
    aws.privateKey = newKmsKey().privateKey;
    await expect((await coldStart())({}, tenMinutes)).rejects.toThrow(
      'KMS has signed a seal with another key',
    );
    expect(await collect(seals.seals(workspaceId))).toEqual([]);
  });

  it('refuses to begin without its settings, with less than a minute to go, and with a delay that is none', async () => {
    await expect((await coldStart())({}, lambdaContext({ remainingMs: 59_000 }))).rejects.toThrow(
      'raise its time-out',
    );
    await expect((await coldStart({ SEAL_SETTLING_DELAY: 'soon' }))({}, tenMinutes)).rejects.toThrow(
      'SEAL_SETTLING_DELAY is not a length of time',
    );
    const nothing = await coldStart();
    vi.stubEnv('SEAL_BUCKET', undefined);
    vi.stubEnv('SEAL_KEY_ID', undefined);
    await expect(nothing({}, tenMinutes)).rejects.toThrow(
      'SEAL_KEY_ID is not set; give it a value. SEAL_BUCKET is not',
    );
  });
});
