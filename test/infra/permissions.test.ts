import { describe, expect, it } from 'vitest';
import { type Statement, statementsOf, synthesizeTemplate } from '#support/template.ts';

const template = synthesizeTemplate({ noticeEventBus: 'default' });

/** What a permission is for, by how the resource's id begins. */
const words: Readonly<Record<string, string>> = {
  StoresAuditTable: 'audit table',
  StoresStateTable: 'state table',
  StoresIntercomSecret: 'secret',
  EventsQueueRequests: 'request queue',
  DeadStarts: 'dead starts',
  NotificationsTopic: 'topic',
  SealingSigningKey: 'signing key',
  SealingKeptBucket: 'bucket of seals',
};

const wordFor = (resource: string): string => {
  if (resource === '"*"') return 'anything';
  const known = Object.keys(words).find((id) => resource.includes(`"${id}`));
  const [, index] = /\/index\/(\w+)/.exec(resource) ?? [];
  if (known !== undefined && index !== undefined) return `${words[known]}'s index ${index}`;
  if (known !== undefined)
    return resource.includes('"/*"') ? `anything in the ${words[known]}` : words[known]!;
  if (/"\w+Logs\w{8}"/.test(resource)) return 'its log';
  if (resource.includes('event-bus/default')) return 'bus';
  const [, id = resource] = /"(\w+?)\w{8}"(?:,"Arn"|\})/.exec(resource) ?? [];
  return id;
};

/** `action resource`, each once. */
const allowances = (statements: readonly Statement[]): readonly string[] =>
  [
    ...new Set(
      statements.flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => `${action} ${wordFor(resource)}`)),
      ),
    ),
  ].toSorted();

const on = (resource: string, ...actions: readonly string[]) =>
  actions.map((action) => `${action} ${resource}`);

const running = [
  ...on('its log', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  ...on('anything', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'),
];
const readingAudit = [
  ...on('audit table', 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'),
  "dynamodb:Query audit table's index by_day",
  "dynamodb:Query audit table's index by_rule",
  "dynamodb:Query audit table's index by_run",
];
const recording = [
  ...readingAudit,
  'dynamodb:PutItem audit table',
  ...on('state table', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'),
  'secretsmanager:GetSecretValue secret',
];
const taking = on(
  'request queue',
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
);
/** Delivery of logs and traces, which Step Functions allows for no narrower resource. */
const looping = on(
  'anything',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
);

/** All that each role may do, by how its id begins; what docs/security.md says in words. */
const expected: Readonly<Record<string, readonly string[]>> = {
  SweepSliceRole: [...running, ...recording, 'events:PutEvents bus'],
  ReconciliationSliceRole: [...running, ...recording, 'dynamodb:DeleteItem state table'],
  EventsWorkerRole: [...running, ...recording, ...taking, 'events:PutEvents bus'],
  WebhookReceiverRole: [...running, 'secretsmanager:GetSecretValue secret', 'sqs:SendMessage request queue'],
  AuditQueryReaderRole: [...running, ...readingAudit],
  SealingSliceRole: [
    ...running,
    ...on('audit table', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'),
    "dynamodb:Query audit table's index by_day",
    ...on('signing key', 'kms:GetPublicKey', 'kms:Sign'),
    ...on('anything in the bucket of seals', 's3:GetObject', 's3:PutObject'),
    's3:ListBucket bucket of seals',
  ],
  SweepLoopMachineRole: [...looping, 'lambda:InvokeFunction SweepSliceFunction', 'sns:Publish topic'],
  ReconciliationLoopMachineRole: [...looping, 'lambda:InvokeFunction ReconciliationSliceFunction'],
  SealingLoopMachineRole: [...looping, 'lambda:InvokeFunction SealingSliceFunction'],
};
const starting: readonly (readonly string[])[] = [
  ['sqs:SendMessage dead starts', 'states:StartExecution ReconciliationLoopMachine'],
  ['sqs:SendMessage dead starts', 'states:StartExecution SealingLoopMachine'],
  ['sqs:SendMessage dead starts', 'states:StartExecution SweepLoopMachine'],
];

const roles = template.all('AWS::IAM::Role');
const isScheduler = ({ id }: { readonly id: string }) => id.startsWith('SchedulerRole');

describe('the bus that is told', () => {
  const arn = 'arn:aws:events:eu-west-1:210987654321:event-bus/copies/kept-by_us.1';

  it.each([
    ['copies', { 'Fn::Join': ['', expect.arrayContaining([':event-bus/copies'])] }],
    [arn, arn],
  ])('%s is what the functions are told, and all that they may put events on', (noticeEventBus, resource) => {
    const other = synthesizeTemplate({ noticeEventBus });
    for (const start of ['SweepSliceRole', 'EventsWorkerRole']) {
      const { id } = other.one('AWS::IAM::Role', start);
      const [statement, ...more] = statementsOf(other, id).filter(({ actions }) =>
        actions.includes('events:PutEvents'),
      );
      expect(more).toEqual([]);
      expect(statement!.resources.map((text) => JSON.parse(text))).toEqual([resource]);
    }
    const { Variables } = other.one('AWS::Lambda::Function', 'SweepSlice').properties.Environment;
    expect(Variables.EVENT_BUS_NAME).toBe(noticeEventBus);
  });
});

describe('every role', () => {
  it.each(Object.entries(expected))('%s may do exactly what it needs', (idStart, allowed) => {
    const { id } = template.one('AWS::IAM::Role', idStart);
    expect(allowances(statementsOf(template, id))).toEqual(allowed.toSorted());
  });

  it('of a schedule may start the one thing that it is for, or put what could not start aside', () => {
    const given = roles.filter(isScheduler).map(({ id }) => allowances(statementsOf(template, id)));
    expect(given.toSorted()).toEqual(starting);
  });

  it('is one of these', () => {
    const known = (id: string) => Object.keys(expected).some((start) => id.startsWith(start));
    expect(roles.filter((role) => !isScheduler(role) && !known(role.id)).map(({ id }) => id)).toEqual([]);
  });

  it('is assumed by a service, and has nothing from elsewhere', () => {
    for (const { id, properties } of roles) {
      const [statement, ...others] = properties.AssumeRolePolicyDocument.Statement;
      expect(others, id).toEqual([]);
      expect(Object.keys(statement.Principal), id).toEqual(['Service']);
      expect(properties.ManagedPolicyArns, id).toBeUndefined();
    }
    expect(template.all('AWS::IAM::ManagedPolicy')).toEqual([]);
  });
});
