import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { outputNames } from '#runtime/output-names.ts';
import { readCall, toBody } from '#support/aws-wire.ts';
import { answerTo } from '#support/deployed-aws-answers.ts';
import { type AwsState, sweepMachine } from '#support/deployed-aws-state.ts';
import {
  auditAdmin,
  auditTablePolicy,
  sealBucketName,
  sealBucketPolicy,
  sealingRoleName,
  sealKeyArn,
  sealKeyPolicy,
  topicArn,
  topicPolicy,
} from '#support/stack-policies.ts';

/** The AWS of one deployed stack, as far as the command line asks it, over HTTP on the loopback. */
export interface DeployedAws extends AwsState, AsyncDisposable {
  readonly endpoint: string;
  /** For the clients of a test. */
  readonly clientSettings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** For processes of a test: nothing of the machine's own AWS settings. */
  readonly env: Readonly<Record<string, string>>;
}

/** A stack in which everything is as it should be. */
export async function startDeployedAws(): Promise<DeployedAws> {
  const server = createServer((request, response) => {
    void serve(aws, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const queue = (name: string) => `${endpoint}/123456789012/${name}`;
  const outputs = {
    ...outputNames,
    auditTable: 'audit',
    auditAdminRole: auditAdmin,
    stateTable: 'state',
    secretName: 'intercom-retention/test',
    sweepStateMachine: sweepMachine,
    sweepSchedule: 'sweep',
    reconcileSchedule: 'reconcile',
    webhookUrl: `${endpoint}/webhook`,
    deadLetterQueue: queue('dead-requests'),
    deadStartsQueue: queue('dead-starts'),
    sealSchedule: 'seal',
    sealKey: sealKeyArn,
    sealBucket: sealBucketName,
    notificationsTopic: topicArn,
    workspaceId: 'simulated',
    policyHash: 'not-known',
    intercomAddress: 'http://127.0.0.1:9',
    intercomVersion: '2.16',
  };
  const aws: DeployedAws = {
    endpoint,
    clientSettings: {
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stackStatus: 'CREATE_COMPLETE',
    outputs: new Map(Object.entries(outputs).map(([key, value]) => [nameOf(key), value])),
    secret: JSON.stringify({
      workspaces: { simulated: { access_token: 'made-up-token', client_secret: 'made-up-secret' } },
    }),
    tables: new Map([
      [
        'audit',
        { deletionProtected: true, pointInTimeRecovery: true, policy: JSON.stringify(auditTablePolicy()) },
      ],
      ['state', { deletionProtected: true, pointInTimeRecovery: true, policy: undefined }],
    ]),
    schedules: new Map([
      ['sweep', { state: 'ENABLED', timeZone: 'Europe/Berlin' }],
      ['reconcile', { state: 'ENABLED', timeZone: 'Europe/Berlin' }],
      ['seal', { state: 'ENABLED', timeZone: 'Etc/UTC' }],
    ]),
    subscriptions: [`${topicArn}:1`],
    queues: new Map([
      [queue('dead-requests'), 0],
      [queue('dead-starts'), 0],
    ]),
    sealingRoles: [sealingRoleName],
    sealKey: { state: 'Enabled', spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY', policy: sealKeyPolicy() },
    sealBucket: {
      lockDays: 3650,
      versioning: 'Enabled',
      publicAccessBlock: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      policy: sealBucketPolicy(),
    },
    topic: { policy: topicPolicy(), encryptionKey: undefined },
    executions: [],
    newExecution: { status: 'SUCCEEDED', output: '{}' },
    webhook: { head: 200, forged: 401 },
    broken: new Map(),
    calls: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return aws;
}

const nameOf = (key: string): string => outputNames[key as keyof typeof outputNames];

async function serve(aws: DeployedAws, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  if (request.url === '/webhook') {
    response.writeHead(request.method === 'HEAD' ? aws.webhook.head : aws.webhook.forged).end();
    return;
  }
  const call = readCall(request, body);
  aws.calls.push(call.operation);
  const { status, answer } = answerTo(aws, call.operation, call.input);
  const [type, text] = toBody(call, status, answer);
  response.writeHead(status, { 'content-type': type }).end(text);
}
