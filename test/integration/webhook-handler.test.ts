import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import { type DeployedWebhook, deployWebhook } from '#support/webhook-cold-start.ts';
import {
  conversationItem,
  functionUrlEvent,
  httpApiEvent,
  notification,
  secretText,
  signedRequest,
  testWorkspace,
} from '#support/webhook-events.ts';
import { decodeDeletionRequest } from '#sweep/deletion-request.ts';

let webhook: DeployedWebhook;
let output: CapturedOutput;

beforeAll(async () => {
  webhook = await deployWebhook();
});
afterAll(() => webhook[Symbol.asyncDispose]());
beforeEach(() => {
  output = captureOutput();
  webhook.aws.messages.length = 0;
  webhook.aws.secretReads = 0;
});
afterEach(() => {
  output[Symbol.dispose]();
  vi.useRealTimers();
  Object.assign(webhook.aws, { secret: secretText(), queueMood: 'works', secretMood: 'works' });
});

const metricsIn = (lines: readonly Readonly<Record<string, unknown>>[]) =>
  lines.filter((line) => '_aws' in line);
const codesIn = (lines: readonly Readonly<Record<string, unknown>>[]) =>
  lines.flatMap(({ message }) => (message === undefined ? [] : [message]));

describe('handler of the webhook', () => {
  it.each([
    ['a function URL', functionUrlEvent],
    ['an HTTP API', httpApiEvent],
  ])(
    'puts one request with ids only on the queue for a signed notification through %s',
    async (_, toEvent) => {
      const handler = await webhook.coldStart();
      const before = Date.now();
      const answer = await handler(toEvent(signedRequest(notification({ id: 'notif_1' }))), lambdaContext());
      expect(answer).toEqual({ statusCode: 200, body: '' });
      expect(webhook.aws.messages.map((message): unknown => JSON.parse(message))).toEqual([
        {
          version: 1,
          workspace_id: testWorkspace,
          topic: 'conversation.admin.closed',
          notification_id: 'notif_1',
          conversation_id: '215472856448646',
          occurred_at: '2024-12-18T15:59:21.000Z',
          received_at: expect.any(String) as string,
        },
      ]);
      const arrival = { workspaceId: brandId<WorkspaceId>(testWorkspace), receivedAt: instantFromMs(0) };
      const decoded = decodeDeletionRequest(webhook.aws.messages[0]!, arrival);
      const receivedAt = decoded.ok ? decoded.request.receivedAt : 0;
      expect(receivedAt).toBeGreaterThanOrEqual(before);
      expect(receivedAt).toBeLessThanOrEqual(Date.now());
    },
  );

  it('verifies the bytes, not the text, of a body in base64', async () => {
    const handler = await webhook.coldStart();
    const body = Buffer.from(JSON.stringify(notification({ item: conversationItem({ title: 'Grüße 🙂' }) })));
    expect(await handler(httpApiEvent(signedRequest(body)), lambdaContext())).toMatchObject({
      statusCode: 200,
    });
    expect(await handler(httpApiEvent(signedRequest(body.toString())), lambdaContext())).toMatchObject({
      statusCode: 200,
    });
    expect(webhook.aws.messages).toHaveLength(2);
  });

  it('queues a notification that comes again with the same notification id, for the worker to know it by', async () => {
    const handler = await webhook.coldStart();
    const request = signedRequest(notification({ id: 'notif_again' }));
    for (const toEvent of [functionUrlEvent, httpApiEvent]) {
      expect(await handler(toEvent(request), lambdaContext())).toMatchObject({ statusCode: 200 });
    }
    const ids = webhook.aws.messages.map(
      (message) => (JSON.parse(message) as Record<string, string>)['notification_id'],
    );
    expect(ids).toEqual(['notif_again', 'notif_again']);
  });

  it('answers 200 to HEAD without reading the secret or queueing anything', async () => {
    const handler = await webhook.coldStart();
    const answer = await handler(
      functionUrlEvent({ method: 'HEAD', headers: {}, body: '' }),
      lambdaContext(),
    );
    expect(answer).toEqual({ statusCode: 200, body: '' });
    expect(webhook.aws).toMatchObject({ messages: [], secretReads: 0 });
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    'answers 405 to %s and names what it takes',
    async (method) => {
      const handler = await webhook.coldStart();
      const request = { ...signedRequest(notification()), method };
      expect(await handler(functionUrlEvent(request), lambdaContext())).toEqual({
        statusCode: 405,
        headers: { allow: 'HEAD, POST' },
        body: '',
      });
      expect(webhook.aws.messages).toEqual([]);
    },
  );

  it('answers 200 to a ping, which has no id, and queues nothing', async () => {
    const handler = await webhook.coldStart();
    const ping = notification({ id: null, topic: 'ping', item: { type: 'ping', message: 'something' } });
    expect(await handler(functionUrlEvent(signedRequest(ping)), lambdaContext())).toEqual({
      statusCode: 200,
      body: '',
    });
    expect(webhook.aws.messages).toEqual([]);
  });

  it('answers 200 to a topic that nobody serves, counts it, and queues nothing', async () => {
    const handler = await webhook.coldStart();
    const other = notification({ topic: 'conversation.user.replied' });
    expect(await handler(functionUrlEvent(signedRequest(other)), lambdaContext())).toEqual({
      statusCode: 200,
      body: '',
    });
    expect(webhook.aws.messages).toEqual([]);
    expect(metricsIn(output.takeLines())).toMatchObject([{ WebhookUnknownTopic: 1 }]);
  });

  it('answers 401 with nothing said to a signature that does not fit, and counts it', async () => {
    const handler = await webhook.coldStart();
    const request = signedRequest(notification(), 'another secret');
    expect(await handler(functionUrlEvent(request), lambdaContext())).toEqual({ statusCode: 401, body: '' });
    expect(webhook.aws.messages).toEqual([]);
    expect(metricsIn(output.takeLines())).toMatchObject([{ WebhookRefused: 1 }]);
  });

  it("answers 401 to a workspace that is not configured, and to one under another one's secret", async () => {
    webhook.aws.secret = secretText({ first: 'secret-of-the-first', second: 'secret-of-the-second' });
    const handler = await webhook.coldStart();
    const send = async (appId: string, clientSecret: string) => {
      const event = functionUrlEvent(signedRequest(notification({ appId }), clientSecret));
      return (await handler(event, lambdaContext())).statusCode;
    };
    expect(await send('first', 'secret-of-the-first')).toBe(200);
    expect(await send('second', 'secret-of-the-second')).toBe(200);
    expect(await send('first', 'secret-of-the-second')).toBe(401);
    expect(await send('third', 'secret-of-the-first')).toBe(401);
    expect(webhook.aws.messages).toHaveLength(2);
  });

  it('answers 413 to more than a mebibyte, however it is encoded, and takes what is just as large', async () => {
    const handler = await webhook.coldStart();
    const limit = 1024 * 1024;
    const paddedTo = (bytes: number) => {
      const bare = JSON.stringify(notification({ item: conversationItem({ title: '' }) })).length;
      return JSON.stringify(notification({ item: conversationItem({ title: 'x'.repeat(bytes - bare) }) }));
    };
    for (const encode of [(text: string) => text, (text: string) => Buffer.from(text)]) {
      const send = async (bytes: number) =>
        (await handler(functionUrlEvent(signedRequest(encode(paddedTo(bytes)))), lambdaContext())).statusCode;
      expect(await send(limit + 1)).toBe(413);
      expect(await send(limit)).toBe(200);
    }
    expect(metricsIn(output.takeLines()).filter((line) => 'WebhookTooLarge' in line)).toHaveLength(2);
  });

  it('answers 400 to what is signed but cannot be read, and counts it', async () => {
    const handler = await webhook.coldStart();
    for (const body of [
      '{',
      '[]',
      'null',
      JSON.stringify(notification({ item: { type: 'conversation' } })),
    ]) {
      const answer = await handler(functionUrlEvent(signedRequest(body)), lambdaContext());
      expect(answer).toEqual({ statusCode: 400, body: '' });
    }
    expect(webhook.aws.messages).toEqual([]);
    expect(metricsIn(output.takeLines()).filter((line) => 'WebhookUnreadable' in line)).toHaveLength(4);
  });

  it.each(['fails', 'hangs'] as const)(
    'rejects when the queue %s, so that the sender sees a 5xx and sends again',
    async (mood) => {
      webhook.aws.queueMood = mood;
      const handler = await webhook.coldStart();
      const invocation = handler(functionUrlEvent(signedRequest(notification())), lambdaContext());
      await expect(invocation).rejects.toThrow('The request could not be put on the queue');
      const lines = output.takeLines();
      expect(lines).toMatchObject([
        {
          level: 'ERROR',
          message: 'invocation_failed',
          error_name: 'OutsideError',
          error_message: 'The request could not be put on the queue; check the queue and its permissions.',
        },
      ]);
    },
  );

  it('reads the secret once for many requests, again after five minutes, and not before', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const handler = await webhook.coldStart();
    const send = () => handler(functionUrlEvent(signedRequest(notification())), lambdaContext());
    await send();
    vi.setSystemTime(Date.now() + 299_000);
    await send();
    expect(webhook.aws.secretReads).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    await send();
    expect(webhook.aws.secretReads).toBe(2);
  });

  it('accepts signatures half a minute after the client secret was filled in, and fails until then', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const filled = webhook.aws.secret;
    const handler = await webhook.coldStart();
    const send = () => handler(functionUrlEvent(signedRequest(notification())), lambdaContext());
    webhook.aws.secret = '{}';
    await expect(send()).rejects.toThrow('no readable "workspaces"');
    webhook.aws.secret = JSON.stringify({ workspaces: { [testWorkspace]: { access_token: 'x' } } });
    vi.setSystemTime(Date.now() + 30_000);
    await expect(send()).rejects.toThrow('No workspace of the secret has a "client_secret"');
    webhook.aws.secret = filled;
    await expect(send()).rejects.toThrow('No workspace of the secret has a "client_secret"');
    vi.setSystemTime(Date.now() + 30_000);
    expect((await send()).statusCode).toBe(200);
    expect(webhook.aws.secretReads).toBe(3);
  });

  it('accepts a changed client secret within half a minute, and lets nobody make it read the secret at every request', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const handler = await webhook.coldStart();
    const send = async (clientSecret: string) => {
      const event = functionUrlEvent(signedRequest(notification(), clientSecret));
      return (await handler(event, lambdaContext())).statusCode;
    };
    expect(await send('the-old-secret')).toBe(401);
    expect(webhook.aws.secretReads).toBe(1);
    vi.setSystemTime(Date.now() + 30_000);
    webhook.aws.secret = secretText({ [testWorkspace]: 'the-new-secret' });
    expect(await send('the-new-secret')).toBe(200);
    for (let forgery = 0; forgery < 50; forgery += 1) expect(await send(`forged-${forgery}`)).toBe(401);
    expect(webhook.aws.secretReads).toBe(2);
  });

  it.each([
    ['is not there', undefined, 'could not be read'],
    ['is no JSON', '{"workspaces": {"a86dr8yl": {"access_token": "tok-4711"', 'no readable "workspaces"'],
    [
      'holds an empty client secret, with which anybody could sign',
      '{"workspaces": {"a86dr8yl": {"access_token": "tok-4711", "client_secret": ""}}}',
      'no readable "client_secret" of a workspace',
    ],
    [
      'has a blank in a token',
      '{"workspaces": {"a86dr8yl": {"access_token": "tok-4711 "}}}',
      'no readable "access_token" of a workspace',
    ],
    [
      'has no client secret',
      '{"workspaces": {"a86dr8yl": {"access_token": "tok-4711"}}}',
      'No workspace of the secret has a "client_secret"',
    ],
  ])('rejects when the secret %s, and says nothing of its value', async (_, secret, message) => {
    webhook.aws.secret = secret;
    const handler = await webhook.coldStart();
    const request = signedRequest(notification(), 'any');
    await expect(handler(functionUrlEvent(request), lambdaContext())).rejects.toThrow(message);
    expect(output.take()).not.toContain('tok-4711');
    expect(webhook.aws.messages).toEqual([]);
  });

  it('names every missing setting, and composes again at the next invocation', async () => {
    const handler = await webhook.coldStart({ INTERCOM_SECRET_NAME: '', REQUEST_QUEUE_URL: 'requests' });
    const send = () => handler(functionUrlEvent(signedRequest(notification())), lambdaContext());
    await expect(send()).rejects.toThrow(
      'INTERCOM_SECRET_NAME is not set; give it a value. REQUEST_QUEUE_URL is no URL',
    );
    vi.stubEnv('INTERCOM_SECRET_NAME', 'intercom');
    vi.stubEnv('REQUEST_QUEUE_URL', webhook.aws.queueUrl);
    expect(await send()).toMatchObject({ statusCode: 200 });
  });

  it('rejects an event that is no HTTP request', async () => {
    const handler = await webhook.coldStart();
    for (const event of [{}, null, 'text', { Records: [] }, { requestContext: { http: { method: 1 } } }]) {
      await expect(handler(event, lambdaContext())).rejects.toMatchObject({ code: 'unreadable_event' });
    }
  });

  it('ends itself before Lambda would, with its last words in the log', async () => {
    webhook.aws.secretMood = 'hangs';
    const handler = await webhook.coldStart();
    const context = lambdaContext({ remainingMs: 600 });
    const invocation = handler(functionUrlEvent(signedRequest(notification())), context);
    await expect(invocation).rejects.toMatchObject({ code: 'deadline_near' });
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(output.takeLines()).toMatchObject([{ message: 'invocation_failed', error_code: 'deadline_near' }]);
  });

  it('logs one line for a request, with the request id of the invocation and nothing of the conversation', async () => {
    const handler = await webhook.coldStart();
    const context = lambdaContext();
    await handler(functionUrlEvent(signedRequest(notification({ id: 'notif_logged' }))), context);
    const written = output.take();
    for (const personal of ['A title', 'A subject', 'A text', 'A. Person', 'person@example.test']) {
      expect(written).not.toContain(personal);
    }
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(codesIn(lines)).toEqual(['webhook_queued']);
    expect(lines[0]).toMatchObject({
      service: 'webhook',
      stage: 'test',
      function_request_id: context.awsRequestId,
      workspace_id: testWorkspace,
      topic: 'conversation.admin.closed',
      notification_id: 'notif_logged',
    });
    expect(metricsIn(lines)).toMatchObject([
      {
        service: 'webhook',
        stage: 'test',
        WebhookQueued: 1,
        _aws: { CloudWatchMetrics: [{ Namespace: 'IntercomRetention', Dimensions: [['service', 'stage']] }] },
      },
    ]);
  });
});
