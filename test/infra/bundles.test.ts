import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { systemClock } from '#handlers/system-clock.ts';
import type { HandlerName } from '#infra/bundle.ts';
import { brandId } from '#policy/ids.ts';
import { instantFromMs, toIso } from '#policy/instant.ts';
import { aConfirmation, aRun } from '#support/audit-builders.ts';
import { bundle } from '#support/bundle.ts';
import { type Deployed, deploy } from '#support/deployed.ts';
import { workspace } from '#support/simulated-workspace.ts';
import { synthesizeBundles, synthesizeTemplate } from '#support/template.ts';
import { functionUrlEvent, notification } from '#support/webhook-events.ts';

const policyText = `
version: 1
workspace: simulated
mode: observe
rules: []
`;
const clientSecret = 'a-client-secret';

const budgetsKb: Readonly<Record<HandlerName, number>> = {
  webhook: 400,
  sweep: 650,
  'delete-on-event': 650,
  reconcile: 650,
  'audit-query': 650,
  seal: 650,
};

describe('bundle', () => {
  it.each(Object.entries(budgetsKb))('of %s stays within %i KB', (handler, budgetKb) => {
    using made = bundle(handler as HandlerName, policyText);
    expect(made.bytes / 1024).toBeLessThanOrEqual(budgetKb);
  });
});

describe('the stack', { timeout: 120_000 }, () => {
  it('gives each function the bundle of its own handler, with the policy beside it where it needs one', () => {
    const handlers = [...synthesizeBundles()].map(([id, folder]) => {
      const service = /service:"([a-z-]+)",compose:/.exec(
        readFileSync(join(folder, 'index.mjs'), 'utf8'),
      )?.[1];
      return `${id.replace(/Function\w+$/, '')} ${service} ${existsSync(join(folder, 'policy.yaml'))}`;
    });
    expect(handlers.toSorted()).toEqual([
      'AuditQueryReader audit-query false',
      'EventsWorker delete-on-event true',
      'ReconciliationSlice reconcile true',
      'SealingSlice seal false',
      'SweepSlice sweep true',
      'WebhookReceiver webhook false',
    ]);
  });
});

describe("under Lambda's runtime interface client", { timeout: 120_000 }, () => {
  const inStack = async (work: (deployed: Deployed) => Promise<void>) => {
    await using simulator = await workspace({ generate: 20, clock: Date.now });
    const template = synthesizeTemplate({ intercomBaseUrl: simulator.url });
    await using deployed = await deploy({ template, policyText, workspaceId: 'simulated', clientSecret });
    await work(deployed);
  };

  it('sweep starts and answers with a refused plan in observe mode', () =>
    inStack(async (deployed) => {
      const sweep = await deployed.start('SweepSlice', 'sweep');
      const answer = await sweep.invoke({ execution: 'one' }, { timeoutMs: 90_000 });
      expect(answer).toMatchObject({ done: true, stop_reason: 'refused', execution: 'one' });
      expect(sweep.coldStarts).toBe(1);
      expect(sweep.output).not.toContain('test-token');
    }));

  it('webhook starts, and queues a signed notification but no forged one', () =>
    inStack(async (deployed) => {
      const webhook = await deployed.start('WebhookReceiver', 'webhook');
      const body = Buffer.from(JSON.stringify(notification({ appId: 'simulated' })));
      const signed = `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;
      const send = (signature: string) =>
        webhook.invoke(functionUrlEvent({ method: 'POST', headers: { 'x-hub-signature': signature }, body }));
      expect(await send(signed)).toMatchObject({ statusCode: 200 });
      expect(await send(signed.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))).toMatchObject({
        statusCode: 401,
      });
      expect(deployed.messages).toHaveLength(1);
    }));

  it('delete-on-event starts, and gives back only the message that cannot be read', () =>
    inStack(async (deployed) => {
      const worker = await deployed.start('EventsWorker', 'delete-on-event');
      const answer = await worker.invoke({ Records: [sqsRecord('m1', 'no JSON')] }, { timeoutMs: 90_000 });
      expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    }));

  it('reconcile starts and comes to its end', () =>
    inStack(async (deployed) => {
      const reconcile = await deployed.start('ReconciliationSlice', 'reconcile');
      expect(await reconcile.invoke({ execution: 'one' }, { timeoutMs: 90_000 })).toMatchObject({
        done: true,
      });
    }));

  it('reconcile may clear an absence that has been confirmed since', () =>
    inStack(async (deployed) => {
      const { client, tables } = deployed.store;
      const trail = createAuditTrail(client, tables.audit, systemClock);
      const state = createRunState(client, tables.state);
      const confirmed = aConfirmation({ workspaceId: brandId('simulated') });
      const { workspaceId, conversationId } = confirmed;
      const recordedAt = instantFromMs(Date.now() - 72 * 3_600_000);
      await trail.putConfirmation(confirmed);
      await state.addAbsence({
        workspaceId,
        conversationId,
        runId: brandId('r1'),
        outcome: 'deleted',
        recordedAt,
      });
      const reconcile = await deployed.start('ReconciliationSlice', 'reconcile');
      await reconcile.invoke({ execution: 'one' }, { timeoutMs: 90_000 });
      expect(await Array.fromAsync(state.absences(workspaceId))).toEqual([]);
    }));

  it('seal starts, signs the days that are over and keeps a copy of their seals', () =>
    inStack(async (deployed) => {
      const workspaceId = 'a86dr8yl'; // of the policy that the template is made with
      const dayBeforeYesterday = instantFromMs(Date.now() - 48 * 3_600_000);
      const trail = createAuditTrail(deployed.store.client, deployed.store.tables.audit, {
        now: () => dayBeforeYesterday,
        sleep: () => Promise.resolve(),
      });
      await trail.putRunStarted(aRun({ workspaceId: brandId(workspaceId) }));
      const seal = await deployed.start('SealingSlice', 'seal');
      expect(await seal.invoke({ execution: 'one' }, { timeoutMs: 90_000 })).toMatchObject({ done: true });
      const first = `${workspaceId}/${toIso(dayBeforeYesterday).slice(0, 10)}`;
      expect([...deployed.sealing.objects.keys()].slice(0, 3)).toEqual([
        `${first}/leaves-000000.ndjson.gz`,
        `${first}/public-key.pem`,
        `${first}/seal.txt`,
      ]);
    }));

  it('audit-query starts and answers that nothing is recorded', () =>
    inStack(async (deployed) => {
      const audit = await deployed.start('AuditQueryReader', 'audit-query');
      const { requestContext, ...event } = functionUrlEvent({ method: 'GET', headers: {}, body: '' });
      const authorizer = { iam: { userArn: 'arn:aws:iam::123456789012:role/auditor' } };
      expect(
        await audit.invoke({ ...event, requestContext: { ...requestContext, authorizer } }),
      ).toMatchObject({ statusCode: 200 });
    }));
});

const sqsRecord = (messageId: string, body: string) => ({
  messageId,
  receiptHandle: 'r',
  body,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: String(Date.now()),
    SenderId: 'test',
    ApproximateFirstReceiveTimestamp: String(Date.now()),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:requests',
  awsRegion: 'eu-west-1',
});
