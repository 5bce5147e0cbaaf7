import { createHmac, randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, LambdaFunctionURLEvent } from 'aws-lambda';

export const testWorkspace = 'a86dr8yl';
export const testClientSecret = 'e5b3c1f0-client-secret-of-a-test';

/** The secret with one entry a workspace: its client secret, or more. */
export const secretText = (
  clientSecrets: Readonly<Record<string, string>> = { [testWorkspace]: testClientSecret },
): string =>
  JSON.stringify({
    workspaces: Object.fromEntries(
      Object.entries(clientSecrets).map(([appId, client_secret]) => [
        appId,
        { access_token: `token-of-${appId}`, client_secret },
      ]),
    ),
  });

/** A conversation as a notification carries it, with what nobody may log or keep. */
export const conversationItem = (changes: object = {}): object => ({
  type: 'conversation',
  id: '215472856448646',
  created_at: 1734537460,
  updated_at: 1734537560,
  title: 'A title that says too much',
  source: {
    type: 'email',
    subject: 'A subject of a person',
    body: 'A text of a person',
    author: { type: 'user', id: '6762f0f91bb69f9f2193bc1d', name: 'A. Person', email: 'person@example.test' },
  },
  state: 'closed',
  tags: { type: 'tag.list', tags: [] },
  ...changes,
});

export interface NotificationChanges {
  readonly appId?: unknown;
  readonly id?: unknown;
  readonly topic?: unknown;
  readonly item?: unknown;
}

/** A notification as Intercom sends it; `changes` say what matters to a test. */
export function notification(changes: NotificationChanges = {}): object {
  const { appId, id, topic, item } = {
    appId: testWorkspace,
    id: `notif_${randomUUID()}`,
    topic: 'conversation.admin.closed',
    item: conversationItem(),
    ...changes,
  };
  return {
    type: 'notification_event',
    app_id: appId,
    id,
    topic,
    created_at: 1734537561,
    first_sent_at: 1734537561,
    delivery_attempts: 1,
    delivery_status: 'pending',
    delivered_at: 0,
    self: null,
    links: {},
    data: { type: 'notification_event_data', item },
  };
}

export const signatureOf = (body: string | Uint8Array, clientSecret: string = testClientSecret): string =>
  `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;

export interface WireRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A POST of this body with the signature that belongs to it. */
export function signedRequest(body: object | string | Uint8Array, clientSecret?: string): WireRequest {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature': signatureOf(bytes, clientSecret) },
    body: bytes,
  };
}

/** The event of a function URL. A body given as bytes arrives in base64, as one given as a string does not. */
export function functionUrlEvent(request: WireRequest): LambdaFunctionURLEvent {
  const { method } = request;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: request.headers,
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.lambda-url.eu-west-1.on.aws',
      domainPrefix: 'abcdefghij',
      http: {
        method,
        path: '/',
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'intercom-parrot-service-client/1.0',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: '15/Jun/2026:12:00:00 +0000',
      timeEpoch: 1781524800000,
    },
    ...bodyFields(request.body),
  };
}

/** The event of an HTTP API with the route `ANY /intercom`. */
export function httpApiEvent(request: WireRequest): APIGatewayProxyEventV2 {
  const event = functionUrlEvent(request);
  const routeKey = 'ANY /intercom';
  return {
    ...event,
    routeKey,
    rawPath: '/intercom',
    requestContext: {
      ...event.requestContext,
      accountId: '123456789012',
      domainName: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
      http: { ...event.requestContext.http, path: '/intercom' },
      routeKey,
    },
  };
}

function bodyFields(body: string | Uint8Array): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  return typeof body === 'string'
    ? { body, isBase64Encoded: false }
    : { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}
