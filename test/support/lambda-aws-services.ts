import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `works`; answers every call with a 500; or never answers. */
type ServiceMood = 'works' | 'fails' | 'hangs';

/** SQS and Secrets Manager as far as the functions use them, over HTTP on the loopback. */
export interface AwsServices extends AsyncDisposable {
  readonly endpoint: string;
  readonly queueUrl: string;
  /** Bodies of the messages on the queue, the oldest first. */
  readonly messages: string[];
  /** The secret's text; undefined when there is none of that name. */
  secret: string | undefined;
  secretReads: number;
  queueMood: ServiceMood;
  secretMood: ServiceMood;
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
    secret: undefined,
    secretReads: 0,
    queueMood: 'works',
    secretMood: 'works',
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
  const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
  switch (String(request.headers['x-amz-target'])) {
    case 'AmazonSQS.SendMessage':
      return inMood(services.queueMood, response, () => sendMessage(services, input['MessageBody'] ?? ''));
    case 'secretsmanager.GetSecretValue':
      services.secretReads += 1;
      return inMood(services.secretMood, response, () => secretValue(services));
    default:
      return answer(response, 400, { __type: 'UnknownOperationException' });
  }
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

const secretValue = ({ secret }: AwsServices): Answer =>
  secret === undefined
    ? [400, { __type: 'ResourceNotFoundException', message: 'no such secret' }]
    : [200, { Name: 'intercom', SecretString: secret }];

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
