import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { outputNames } from '#runtime/output-names.ts';

/** The AWS of one deployed stack, as far as the command line asks it, over HTTP on the loopback. Tests change what is in it. */
export interface DeployedAws extends AsyncDisposable {
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
  stackStatus: string | undefined;
  readonly outputs: Map<string, string>;
  /** The secret's text; undefined when there is none. */
  secret: string | undefined;
  readonly tables: Map<string, FakeTable>;
  readonly schedules: Map<string, FakeSchedule>;
  /** As SNS lists them: an ARN, or `PendingConfirmation`. */
  subscriptions: readonly string[];
  /** Messages waiting, by the queue's URL. */
  readonly queues: Map<string, number>;
  /** Of the sweep's state machine, the newest last. */
  readonly executions: FakeExecution[];
  /** What a new execution is like. */
  newExecution: Omit<FakeExecution, 'name' | 'asked'>;
  /** What the webhook answers to a HEAD and to a forged notification. */
  readonly webhook: { head: number; forged: number };
  /** Operations that fail, with the name of the error and its status; counted down when `times` is given. */
  readonly broken: Map<string, { readonly error: string; readonly status: number; times?: number }>;
  /** Operations in the order in which they were asked for. */
  readonly calls: string[];
}

interface FakeTable {
  deletionProtected: boolean;
  pointInTimeRecovery: boolean;
  policy: string | undefined;
}

interface FakeSchedule {
  state: 'ENABLED' | 'DISABLED';
  timeZone: string;
}

interface FakeExecution {
  readonly name: string;
  status: string;
  output?: string;
  error?: string;
  cause?: string;
  /** How often it is `RUNNING` before it is what `status` says. */
  runningFor?: number;
  asked: number;
}

export const deployedStack = 'IntercomRetention-test';
const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:Sweep';
export const executionArn = (name: string) => `arn:aws:states:eu-west-1:123456789012:execution:Sweep:${name}`;

/** As the stack makes it. */
export const auditTablePolicy = (change: object = {}): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyTheAuditAdminDeletes',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: [
          'dynamodb:BatchWriteItem',
          'dynamodb:DeleteItem',
          'dynamodb:DeleteTable',
          'dynamodb:PartiQLDelete',
          'dynamodb:PartiQLUpdate',
          'dynamodb:UpdateItem',
          'dynamodb:UpdateTimeToLive',
        ],
        Resource: '*',
        Condition: {
          ArnNotEquals: {
            'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/intercom-retention-audit-admin',
          },
        },
        ...change,
      },
    ],
  });

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
    stateTable: 'state',
    secretName: 'intercom-retention/test',
    sweepStateMachine: machine,
    sweepSchedule: 'sweep',
    reconcileSchedule: 'reconcile',
    webhookUrl: `${endpoint}/webhook`,
    deadLetterQueue: queue('dead-requests'),
    deadStartsQueue: queue('dead-starts'),
    notificationsTopic: 'arn:aws:sns:eu-west-1:123456789012:notifications',
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
      ['audit', { deletionProtected: true, pointInTimeRecovery: true, policy: auditTablePolicy() }],
      ['state', { deletionProtected: true, pointInTimeRecovery: true, policy: undefined }],
    ]),
    schedules: new Map([
      ['sweep', { state: 'ENABLED', timeZone: 'Europe/Berlin' }],
      ['reconcile', { state: 'ENABLED', timeZone: 'Europe/Berlin' }],
    ]),
    subscriptions: ['arn:aws:sns:eu-west-1:123456789012:notifications:1'],
    queues: new Map([
      [queue('dead-requests'), 0],
      [queue('dead-starts'), 0],
    ]),
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
  const { operation, input, isXml } = readCall(request, body);
  aws.calls.push(operation);
  const { status, answer } = answerTo(aws, operation, input);
  response.writeHead(status, { 'content-type': isXml ? 'text/xml' : 'application/json' });
  response.end(isXml ? toXml(operation, status, answer) : JSON.stringify(answer));
}

type Input = Readonly<Record<string, string>>;

/** Three of AWS's protocols: by a form, by a header, and by the path. */
function readCall(
  request: IncomingMessage,
  body: string,
): { readonly operation: string; readonly input: Input; readonly isXml: boolean } {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string')
    return { operation: target.split('.')[1] ?? '', input: JSON.parse(body), isXml: false };
  const schedule = /^\/schedules\/([^?]+)/.exec(request.url ?? '')?.[1];
  if (schedule !== undefined)
    return { operation: 'GetSchedule', input: { Name: decodeURIComponent(schedule) }, isXml: false };
  const form = Object.fromEntries(new URLSearchParams(body));
  return { operation: form['Action'] ?? '', input: form, isXml: true };
}

interface Answer {
  readonly status: number;
  readonly answer: object;
}

function answerTo(aws: DeployedAws, operation: string, input: Input): Answer {
  const failure = aws.broken.get(operation);
  if (failure !== undefined && failure.times !== 0) {
    if (failure.times !== undefined) failure.times -= 1;
    return refused(failure.error, 'out of order', failure.status);
  }
  switch (operation) {
    case 'DescribeStacks':
      return describeStack(aws, input['StackName'] ?? '');
    case 'GetSecretValue':
      return aws.secret === undefined
        ? refused('ResourceNotFoundException', 'no such secret')
        : fine({ Name: input['SecretId'], SecretString: aws.secret });
    case 'DescribeTable':
    case 'DescribeContinuousBackups':
    case 'GetResourcePolicy':
      return describeTable(aws, operation, input);
    case 'GetSchedule': {
      const schedule = aws.schedules.get(input['Name'] ?? '');
      return schedule === undefined
        ? refused('ResourceNotFoundException', 'no such schedule', 404)
        : fine({
            State: schedule.state,
            ScheduleExpression: 'cron(0 3 * * ? *)',
            ScheduleExpressionTimezone: schedule.timeZone,
          });
    }
    case 'ListSubscriptionsByTopic':
      return fine({ Subscriptions: aws.subscriptions });
    case 'GetQueueAttributes': {
      const waiting = aws.queues.get(input['QueueUrl'] ?? '');
      return waiting === undefined
        ? refused('QueueDoesNotExist', 'no such queue')
        : fine({ Attributes: { ApproximateNumberOfMessages: String(waiting) } });
    }
    case 'ListExecutions':
    case 'StartExecution':
    case 'DescribeExecution':
      return machineAnswer(aws, operation, input);
    default:
      return refused('UnknownOperationException', operation);
  }
}

const fine = (answer: object): Answer => ({ status: 200, answer });
const refused = (error: string, message: string, status = 400): Answer => ({
  status,
  answer: { __type: error, message },
});

const describeStack = ({ stackStatus, outputs }: DeployedAws, name: string): Answer =>
  stackStatus === undefined || name !== deployedStack
    ? refused('ValidationError', `Stack with id ${name} does not exist`)
    : fine({ stackStatus, outputs: [...outputs] });

function describeTable({ tables }: DeployedAws, operation: string, input: Input): Answer {
  const name = input['TableName'] ?? input['ResourceArn']?.split('/')[1] ?? '';
  const table = tables.get(name);
  if (table === undefined) return refused('ResourceNotFoundException', 'no such table');
  if (operation === 'DescribeTable')
    return fine({
      Table: {
        TableName: name,
        TableStatus: 'ACTIVE',
        TableArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${name}`,
        DeletionProtectionEnabled: table.deletionProtected,
      },
    });
  if (operation === 'DescribeContinuousBackups') {
    const PointInTimeRecoveryStatus = table.pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
    return fine({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    });
  }
  return table.policy === undefined
    ? refused('PolicyNotFoundException', 'no policy')
    : fine({ Policy: table.policy });
}

function machineAnswer(aws: DeployedAws, operation: string, input: Input): Answer {
  const { executions } = aws;
  if (operation === 'ListExecutions') {
    const running = executions.filter((each) => statusOf(each) === 'RUNNING').toReversed();
    const startDate = 1_700_000_000;
    return fine({
      executions: running.map(({ name }) => ({
        executionArn: executionArn(name),
        name,
        status: 'RUNNING',
        stateMachineArn: machine,
        startDate,
      })),
    });
  }
  if (operation === 'StartExecution') {
    const name = input['name'] ?? '';
    executions.push({ ...aws.newExecution, name, asked: 0 });
    return fine({ executionArn: executionArn(name), startDate: 1_700_000_000 });
  }
  const found = executions.find(({ name }) => executionArn(name) === input['executionArn']);
  if (found === undefined) return refused('ExecutionDoesNotExist', 'no such execution');
  const status = statusOf(found);
  found.asked += 1;
  const { name, output, error, cause } = found;
  const begun = {
    executionArn: executionArn(name),
    name,
    status,
    stateMachineArn: machine,
    startDate: 1_700_000_000,
  };
  return fine(status === 'RUNNING' ? begun : { ...begun, output, error, cause });
}

const statusOf = ({ status, runningFor = 0, asked }: FakeExecution): string =>
  asked < runningFor ? 'RUNNING' : status;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

interface XmlAnswer {
  readonly __type?: string;
  readonly message?: string;
  readonly stackStatus?: string;
  readonly outputs?: readonly (readonly [string, string])[];
  readonly Subscriptions?: readonly string[];
}

function toXml(operation: string, status: number, answer: XmlAnswer): string {
  if (status !== 200)
    return `<ErrorResponse><Error><Type>Sender</Type><Code>${answer.__type}</Code><Message>${answer.message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return `<${operation}Response><${operation}Result>${resultXml(answer)}</${operation}Result></${operation}Response>`;
}

function resultXml({ stackStatus, outputs = [], Subscriptions = [] }: XmlAnswer): string {
  if (stackStatus === undefined) {
    const members = Subscriptions.map(
      (arn) =>
        `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol><Endpoint>somebody@example.test</Endpoint></member>`,
    );
    return `<Subscriptions>${members.join('')}</Subscriptions>`;
  }
  const members = outputs.map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  return `<Stacks><member><StackName>${deployedStack}</StackName><StackStatus>${stackStatus}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks>`;
}
