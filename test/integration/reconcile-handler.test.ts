import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { anOutcome, aRun, later } from '#support/audit-builders.ts';
import { type AwsServices, startAwsServices } from '#support/lambda-aws-services.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import { oldConversations } from '#support/reconcile-world.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { noClasses } from '#sweep/reconcile-record.ts';

const policy = 'version: 1\nworkspace: simulated\nrules: []\n';

let aws: AwsServices;
let folder: string;
let output: CapturedOutput;

beforeAll(async () => {
  aws = await startAwsServices();
  aws.secret = JSON.stringify({ workspaces: { simulated: { access_token: 'made-up-token' } } });
  folder = await mkdtemp(join(tmpdir(), 'retention-'));
  await writeFile(join(folder, 'retention.yaml'), policy);
});
afterAll(async () => {
  await aws[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => {
  output[Symbol.dispose]();
  vi.unstubAllEnvs();
});

/** The exported handler as a new Lambda instance has it. */
async function coldStart(world: SweepWorld, changes: Readonly<Record<string, string>> = {}) {
  const environment = {
    ...world.store.env,
    STAGE: 'test',
    POLICY_FILE: join(folder, 'retention.yaml'),
    INTERCOM_SECRET_NAME: 'intercom',
    INTERCOM_BASE_URL: world.simulator.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
    ...changes,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.resetModules();
  const { handler } = await import('#handlers/reconcile.ts');
  return handler;
}

async function worldWithDeletions(count: number, clock: () => number = Date.now): Promise<SweepWorld> {
  const conversations = oldConversations(count);
  const world = await sweepWorld({ conversations, clock, rateLimit: { perMinute: 10_000 } });
  for (let id = 1; id <= count; id += 1) world.simulator.happen(String(id), { action: 'delete' });
  return world;
}

const found = (deletedElsewhere: number) => ({ ...noClasses, deleted_elsewhere: deletedElsewhere });

describe('handler of the reconciliation', () => {
  it('answers with the counts by class, and leaves them in the audit, the log and the metrics', async () => {
    await using world = await worldWithDeletions(3);
    const handler = await coldStart(world);
    const answer = await handler({}, lambdaContext({ remainingMs: 600_000 }));
    expect(answer).toMatchObject({ done: true, counts: found(3), change: found(3) });

    const [record] = await Array.fromAsync(world.audit.reconciliations(world.workspaceId));
    expect(record).toMatchObject({ reconciliationId: answer.reconciliation_id, counts: found(3) });
    const lines = output.takeLines();
    expect(lines.find(({ message }) => message === 'reconcile_slice')).toMatchObject({
      service: 'reconcile',
      done: true,
      reconciliation_id: answer.reconciliation_id,
      ...found(3),
    });
    expect(lines.find((line) => '_aws' in line)).toMatchObject({
      ReconcileFinished: 1,
      ReconcileDeletedElsewhere: 3,
      ReconcileFlagMismatch: 0,
      ReconcileClaimedButAbsent: 0,
      ReconcileApiCalls: 2,
    });
  });

  it('tells nobody by a metric what was deleted before the audit began, and has it in the answer, the record and the log', async () => {
    const hourMs = 3_600_000;
    await using world = await worldWithDeletions(3, () => Date.now() - 2 * hourMs);
    world.simulator.advance(2 * hourMs);
    const old = { ...noClasses, before_audit: 3 };
    const answer = await (await coldStart(world))({}, lambdaContext({ remainingMs: 600_000 }));
    expect(answer).toMatchObject({ done: true, counts: old, change: old });
    const [record] = await Array.fromAsync(world.audit.reconciliations(world.workspaceId));
    expect(record).toMatchObject({ counts: old });
    const lines = output.takeLines();
    expect(lines.find(({ message }) => message === 'reconcile_slice')).toMatchObject({
      ...old,
      audit_began_at: new Date(record!.auditBeganAt!).toISOString(),
    });
    expect(lines.find((line) => '_aws' in line)).toMatchObject({
      ReconcileFinished: 1,
      ReconcileDeletedElsewhere: 0,
    });
  });

  it('alarms by a metric of each deletion by others, in a night that also explains as many of an earlier one', async () => {
    const byRun = ['1', '2', '3'];
    const conversations = oldConversations(6);
    await using world = await sweepWorld({
      conversations,
      clock: Date.now,
      rateLimit: { perMinute: 10_000 },
    });
    const { workspaceId, clock, simulator } = world;
    await world.audit.putRunStarted(aRun({ workspaceId, startedAt: clock.now() }));
    const toldIn = async (night: number) => {
      const handler = await coldStart(world);
      const answer = await handler({}, lambdaContext({ remainingMs: 600_000 }));
      const told = output.takeLines().find((line) => '_aws' in line)?.['ReconcileDeletedElsewhere'];
      return { night, change: answer.change, told };
    };
    for (const id of byRun) simulator.happen(id, { action: 'delete' });
    expect(await toldIn(1)).toEqual({ night: 1, change: found(3), told: 3 });

    for (const id of byRun) {
      const outcome = { workspaceId, conversationId: brandId<ConversationId>(id), recordedAt: clock.now() };
      await world.audit.putOutcome(anOutcome(outcome));
    }
    for (const id of ['4', '5', '6']) simulator.happen(id, { action: 'delete' });
    expect(await toldIn(2)).toEqual({ night: 2, change: { ...noClasses, confirmed: 3 }, told: 3 });
    expect(await toldIn(3)).toEqual({ night: 3, change: noClasses, told: 0 });
  });

  it('stops a minute before its deadline, and goes on where it stopped when invoked with its answer', async () => {
    await using world = await worldWithDeletions(600);
    const handler = await coldStart(world);
    const first = await handler({}, lambdaContext({ remainingMs: 60_400 }));
    expect(first).toMatchObject({ done: false, list_read_at: null });
    expect(first.counts.deleted_elsewhere).toBeLessThan(600);

    const second = await handler(first, lambdaContext({ remainingMs: 600_000 }));
    expect(second).toMatchObject({
      execution: first.execution,
      reconciliation_id: first.reconciliation_id,
      done: true,
      counts: found(600),
      change: found(600),
    });
  });

  it('alarms by metrics when a run claims what Intercom does not list after the grace period of its setting', async () => {
    await using world = await worldWithDeletions(1);
    await world.audit.putRunStarted(
      aRun({ workspaceId: world.workspaceId, startedAt: later(world.clock.now(), -2000) }),
    );
    await world.audit.putOutcome(
      anOutcome({ workspaceId: world.workspaceId, recordedAt: later(world.clock.now(), -1000) }),
    );
    const handler = await coldStart(world, { RECONCILE_GRACE: '0s' });
    const answer = await handler({}, lambdaContext({ remainingMs: 600_000 }));
    expect(answer.counts).toEqual({ ...found(1), claimed_but_absent: 1 });
    expect(output.takeLines().find((line) => '_aws' in line)).toMatchObject({ ReconcileClaimedButAbsent: 1 });
  });

  it('refuses to begin with less than a minute to go, and a grace period that is no length of time', async () => {
    await using world = await worldWithDeletions(1);
    const handler = await coldStart(world);
    await expect(handler({}, lambdaContext({ remainingMs: 59_000 }))).rejects.toThrow('raise its time-out');
    const misconfigured = await coldStart(world, { RECONCILE_GRACE: 'a day' });
    await expect(misconfigured({}, lambdaContext())).rejects.toThrow(
      'RECONCILE_GRACE is not a length of time',
    );
    expect(world.simulator.stats().calls).toBe(0);
  });
});
