import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createDocumentClient, type DocumentClientConfig } from '#audit/document-client.ts';
import { getItem } from '#audit/store-table.ts';
import { anOutcome, noon, stoppedClock } from '#support/audit-builders.ts';
import { startTestStore } from '#support/dynamodb.ts';
import { StoreError } from '#sweep/errors.ts';
import type { AuditTrail, Written } from '#sweep/ports.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A store whose every answer is given here. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** DynamoDB's way of saying no. */
const refusal =
  (status: number, type: string, message: string): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));
  };

function auditAt(endpoint: string, config: DocumentClientConfig = {}): AuditTrail {
  const client = createDocumentClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
    ...config,
  });
  cleanUps.push(() => client.destroy());
  return createAuditTrail(client, 'audit', stoppedClock(noon));
}

async function failureOf(write: Promise<Written>): Promise<StoreError> {
  try {
    await write;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('The write did not fail.');
}

describe('createDocumentClient', () => {
  it.each(['1E+30', '123456789012345678901.5', '9007199254740993'])(
    'reads the number %s, which nobody here has written, as text, and what stands beside it as ever',
    async (N) => {
      const endpoint = await serve((request, response) => {
        request.resume();
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ Item: { pk: { S: 'a' }, odd: { N }, even: { N: '12.5' } } }));
      });
      const client = createDocumentClient({
        endpoint,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      cleanUps.push(() => client.destroy());
      const item = await getItem({ client, tableName: 'audit' }, { pk: 'a', sk: 'b' });
      expect(item).toEqual({ pk: 'a', odd: N, even: 12.5 });
    },
  );

  it.each([
    [
      'a missing table',
      refusal(400, 'ResourceNotFoundException', 'Requested resource not found'),
      /^The store at 127\.0\.0\.1:\d+ has no table audit; create it, or name the right one and the right region\.$/,
      false,
    ],
    [
      'a missing permission',
      refusal(400, 'AccessDeniedException', 'User: arn:aws:iam::1:user/x is not authorized'),
      /^AWS does not allow dynamodb:PutItem on the table audit; give this role or user that permission\.$/,
      false,
    ],
    [
      'wrong credentials',
      refusal(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
      /^The AWS credentials are missing, wrong or expired \(UnrecognizedClientException\); sign in again/,
      false,
    ],
    [
      'throttling that does not end',
      refusal(400, 'ProvisionedThroughputExceededException', 'Rate exceeded'),
      /^DynamoDB throttles the table audit \(ProvisionedThroughputExceededException\); run again later/,
      true,
    ],
    [
      'an item that is too large',
      refusal(400, 'ValidationException', 'Item size has exceeded the maximum allowed size'),
      /^An item for the table audit is larger than the 400 KB that DynamoDB takes/,
      false,
    ],
    [
      'a fault of the store',
      refusal(500, 'InternalServerError', 'oops'),
      /^The store at 127\.0\.0\.1:\d+ failed \(InternalServerError\); run again later\.$/,
      true,
    ],
    [
      'a connection that breaks',
      (request) => request.socket.destroy(),
      /^The store on this machine \(127\.0\.0\.1:\d+\) has stopped answering \(TimeoutError\); run again, and it starts anew\.$/,
      true,
    ],
    [
      'anything else',
      refusal(400, 'ValidationException', 'The secret part of an item'),
      /^The store at 127\.0\.0\.1:\d+ refused dynamodb:PutItem on the table audit \(ValidationException\); see the cause\.$/,
      false,
    ],
  ] satisfies [string, RequestListener, RegExp, boolean][])(
    'says in one sentence what to do about %s, and keeps the cause',
    async (_, answer, sentence, retryable) => {
      const error = await failureOf(auditAt(await serve(answer)).putOutcome(anOutcome()));
      expect(error.message).toMatch(sentence);
      expect(error.retryable).toBe(retryable);
      expect(error.cause).toBeInstanceOf(Error);
    },
  );

  it('says so when nobody listens', async () => {
    const error = await failureOf(auditAt('http://127.0.0.1:1/secret').putOutcome(anOutcome()));
    expect(error.message).toBe(
      'The store on this machine (127.0.0.1:1) has stopped answering (ECONNREFUSED); run again, and it starts anew.',
    );
    expect(error.retryable).toBe(true);
  });

  it('gives up on a store that takes the call and never answers', async () => {
    const endpoint = await serve((request) => request.resume());
    const audit = auditAt(endpoint, { requestTimeoutMs: 50, maxAttempts: 1 });
    const error = await failureOf(audit.putOutcome(anOutcome()));
    expect(error.message).toMatch(/has stopped answering \(TimeoutError\)/);
    expect(error.retryable).toBe(true);
  });

  it('tries a call as often as it is told, and once is enough when the answer comes', async () => {
    let calls = 0;
    const endpoint = await serve((request, response) => {
      calls += 1;
      if (calls < 3) refusal(500, 'InternalServerError', 'oops')(request, response);
      else response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    });
    expect(await auditAt(endpoint, { maxAttempts: 3 }).putOutcome(anOutcome())).toBe('written');
    expect(calls).toBe(3);
  });

  it('finds the missing table of a real engine, too', async () => {
    await using store = await startTestStore();
    const audit = createAuditTrail(store.client, 'missing', stoppedClock(noon));
    expect((await failureOf(audit.putOutcome(anOutcome()))).message).toMatch(
      / has no table missing; create it/,
    );
  });
});
