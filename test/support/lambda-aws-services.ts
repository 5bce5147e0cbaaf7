import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `works`; answers every call with a 500; or never answers. */
type ServiceMood = 'works' | 'fails' | 'hangs';

/** SQS, EventBridge and Secrets Manager as far as the functions use them, over HTTP on the loopback. */
export interface AwsServices extends AsyncDisposable {
  readonly endpoint: string;
  readonly queueUrl: string;
  /** Bodies of the messages on the queue, the oldest first. */
  readonly messages: string[];
  /** Put on an event bus, the oldest first. */
  readonly events: BusEvent[];
  /** The secret's text; undefined when there is none of that name. */
  secret: string | undefined;
  secretReads: number;
  queueMood: ServiceMood;
  secretMood: ServiceMood;
  /** `refuses`: answers 200 and says that the entry failed. */
  busMood: ServiceMood | 'refuses';
}

interface BusEvent {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  /** JSON. */
  readonly Detail: string;
}

export async function startAwsServices(): Promise<AwsServices> {
  const server = createServer((request, response) => {
    void serve(services, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services: AwsServices = {
    endpoint,
    queueUrl: `${endpoint}/123456789012/requests`,
    messages: [],
    events: [],
    secret: undefined,
    secretReads: 0,
    queueMood: 'works',
    secretMood: 'works',
    busMood: 'works',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return services;
}

async function serve(
  services: AwsServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const input = JSON.parse(Buffer.concat(chunks).toString()) as AwsInput;
  switch (String(request.headers['x-amz-target'])) {
    case 'AmazonSQS.SendMessage':
      return inMood(services.queueMood, response, () => sendMessage(services, input.MessageBody ?? ''));
    case 'AWSEvents.PutEvents':
      return services.busMood === 'refuses'
        ? answer(response, 200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] })
        : inMood(services.busMood, response, () => putEvents(services, input.Entries ?? []));
    case 'secretsmanager.GetSecretValue':
      services.secretReads += 1;
      return inMood(services.secretMood, response, () => secretValue(services));
    default:
      return answer(response, 400, { __type: 'UnknownOperationException' });
  }
}

interface AwsInput {
  readonly MessageBody?: string;
  readonly Entries?: readonly BusEvent[];
}

type Answer = readonly [status: number, body: object];

function inMood(mood: ServiceMood, response: ServerResponse, work: () => Answer): void {
  if (mood === 'works') answer(response, ...work());
  else if (mood === 'fails') answer(response, 500, { __type: 'InternalFailure', message: 'out of order' });
}

function sendMessage({ messages }: AwsServices, body: string): Answer {
  messages.push(body);
  const md5 = createHash('md5').update(body).digest('hex');
  return [200, { MessageId: String(messages.length), MD5OfMessageBody: md5 }];
}

function putEvents({ events }: AwsServices, entries: readonly BusEvent[]): Answer {
  events.push(...entries);
  return [200, { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: String(events.length) })) }];
}

const secretValue = ({ secret }: AwsServices): Answer =>
  secret === undefined
    ? [400, { __type: 'ResourceNotFoundException', message: 'no such secret' }]
    : [200, { Name: 'intercom', SecretString: secret }];

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
