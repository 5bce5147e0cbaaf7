import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#policy/parse-policy.ts';
import { outputNames } from '#runtime/output-names.ts';
import { type Resource, roleOf, statementsOf, synthesizeTemplate, type Template } from '#support/template.ts';

const template = synthesizeTemplate();
/** Synthesizing fails over any finding of cdk-nag that is not acknowledged. */
const withEverything = synthesizeTemplate({
  webhook: 'http-api',
  notificationEmail: 'on-call@example.test',
  noticeEventBus: 'default',
  deletionEventSources: ['privacy-desk'],
  reconcileGrace: '36h',
  eventPace: '10%',
});

const functions = template.all('AWS::Lambda::Function');
const functionNames = [
  'SweepSlice',
  'ReconciliationSlice',
  'EventsWorker',
  'WebhookReceiver',
  'AuditQueryReader',
  'SealingSlice',
];

const traces = 'xray:PutTelemetryRecords xray:PutTraceSegments';

const isAboutTable = (table: Resource) => (text: string) => text.includes(`"${table.id}"`);
const auditTable = template.one('AWS::DynamoDB::Table', 'StoresAudit');
const stateTable = template.one('AWS::DynamoDB::Table', 'StoresState');

const actionsOn = (lambda: Resource, table: Resource): readonly string[] =>
  statementsOf(template, roleOf(lambda))
    .filter(({ resources }) => resources.some(isAboutTable(table)))
    .flatMap(({ actions }) => actions)
    .toSorted();

const lambdaNamed = (start: string) => template.one('AWS::Lambda::Function', start);

describe('every function', () => {
  it('is one of six', () => {
    expect(functions).toHaveLength(functionNames.length);
    for (const name of functionNames) expect(lambdaNamed(name)).toBeDefined();
  });

  it.each(functions)('$id has a role of its own, with no managed policy', (lambda) => {
    const role = template.one('AWS::IAM::Role', roleOf(lambda));
    expect(functions.filter((other) => roleOf(other) === role.id)).toHaveLength(1);
    expect(role.properties.ManagedPolicyArns).toBeUndefined();
  });

  it.each(functions)(
    '$id may do nothing by wildcard but send traces, and name seals in their bucket',
    (lambda) => {
      for (const { actions, resources, effect } of statementsOf(template, roleOf(lambda))) {
        expect(effect).toBe('Allow');
        expect(actions.join(' ')).not.toContain('*');
        if (resources.some((resource) => resource.includes('*'))) {
          const allowed = lambda.id.startsWith('Sealing') ? [traces, 's3:GetObject s3:PutObject'] : [traces];
          expect(allowed).toContain(actions.toSorted().join(' '));
        }
      }
    },
  );

  it.each(functions)(
    '$id runs on arm64 and Node 24, and writes JSON to a log that ends after 90 days',
    (lambda) => {
      expect(lambda.properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(lambda.properties.TracingConfig).toEqual({ Mode: 'Active' });
      expect(lambda.properties.LoggingConfig.LogFormat).toBe('JSON');
      const log = template.one('AWS::Logs::LogGroup', lambda.properties.LoggingConfig.LogGroup.Ref);
      expect(log.properties.RetentionInDays).toBe(90);
    },
  );

  it.each(functions)('$id is repeated by a state machine, a queue or a caller that waits', (lambda) => {
    expect(repeatedBy(template, lambda)).not.toBe('nobody');
  });

  it.each(functions)('$id has an alarm that goes off when it fails', (lambda) => {
    expect(alarmsAbout(template, lambda)).not.toEqual([]);
  });

  it('knows no secret but by its address', () => {
    for (const { properties } of functions) {
      expect(
        Object.keys(properties.Environment.Variables).filter((name) => /TOKEN|CLIENT_SECRET/.test(name)),
      ).toEqual([]);
    }
    expect(template.one('AWS::SecretsManager::Secret', 'Stores').properties.SecretString).toBe('{}');
  });
});

function repeatedBy(stack: Template, lambda: Resource): 'state machine' | 'queue' | 'caller' | 'nobody' {
  const isNamedIn = ({ properties }: Resource) => JSON.stringify(properties).includes(`"${lambda.id}"`);
  const machine = stack.all('AWS::StepFunctions::StateMachine').find(isNamedIn);
  if (machine !== undefined) return 'state machine';
  if (stack.all('AWS::Lambda::EventSourceMapping').some(isNamedIn)) return 'queue';
  return stack.all('AWS::Lambda::Url').some(isNamedIn) ? 'caller' : 'nobody';
}

/** A failed slice fails its execution, which is what the alarm watches. */
function alarmsAbout(stack: Template, lambda: Resource): readonly string[] {
  const machine = stack
    .all('AWS::StepFunctions::StateMachine')
    .find(({ properties }) => JSON.stringify(properties.DefinitionString).includes(`"${lambda.id}"`));
  const watched = [lambda.id, ...(machine === undefined ? [] : [machine.id])];
  return stack
    .all('AWS::CloudWatch::Alarm')
    .filter(({ properties }) =>
      watched.some((id) =>
        JSON.stringify(properties.Metrics ?? properties.Dimensions).includes(`{"Ref":"${id}"}`),
      ),
    )
    .map(({ id }) => id);
}

describe('every table', () => {
  it.each(template.all('AWS::DynamoDB::Table'))(
    '$id is paid by use, can be set back in time, and outlives mistakes and its stack',
    (table) => {
      expect(table.properties.BillingMode).toBe('PAY_PER_REQUEST');
      expect(table.properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      expect(table.properties.DeletionProtectionEnabled).toBe(true);
      expect(table.deletionPolicy).toBe('Retain');
      expect(table.updateReplacePolicy).toBe('Retain');
    },
  );

  it('is the audit trail, which never forgets, or the run state, whose marks may expire', () => {
    expect(template.all('AWS::DynamoDB::Table')).toHaveLength(2);
    expect(auditTable.properties.TimeToLiveSpecification).toBeUndefined();
    expect(stateTable.properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expires_at_s',
      Enabled: true,
    });
  });
});

describe('the audit table', () => {
  it('is changed by nobody but a named role, whatever that one is otherwise allowed', () => {
    const [statement, ...others] = auditTable.properties.ResourcePolicy.PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' }, Resource: '*' });
    expect(statement.Action.toSorted()).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:DeleteTable',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLUpdate',
      'dynamodb:UpdateItem',
      'dynamodb:UpdateTimeToLive',
    ]);
    expect(Object.keys(statement.Condition)).toEqual(['ArnNotEquals']);
    expect(JSON.stringify(statement.Condition)).toContain(':role/intercom-retention-audit-admin');
  });

  it.each(functions)(
    'is read and added to by $id at most: no update, no delete, no batch write, no scan',
    (lambda) => {
      const allowed = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
      expect(allowed).toEqual(expect.arrayContaining([...new Set(actionsOn(lambda, auditTable))]));
    },
  );

  it('is only read by the audit query, and unknown to the webhook', () => {
    expect(actionsOn(lambdaNamed('AuditQueryReader'), auditTable)).not.toContain('dynamodb:PutItem');
    expect(actionsOn(lambdaNamed('WebhookReceiver'), auditTable)).toEqual([]);
    expect(actionsOn(lambdaNamed('WebhookReceiver'), stateTable)).toEqual([]);
    expect(actionsOn(lambdaNamed('AuditQueryReader'), stateTable)).toEqual([]);
    expect(actionsOn(lambdaNamed('SealingSlice'), stateTable)).toEqual([]);
  });
});

describe('every queue', () => {
  it.each(template.all('AWS::SQS::Queue'))(
    '$id has a dead-letter queue or is one, with an alarm',
    (queue) => {
      if (queue.properties.RedrivePolicy !== undefined) return;
      const alarmed = template
        .all('AWS::CloudWatch::Alarm')
        .flatMap(({ properties }) => properties.Dimensions ?? [])
        .map(({ Value }) => Value?.['Fn::GetAtt']?.[0]);
      expect(alarmed).toContain(queue.id);
    },
  );

  it.each(template.all('AWS::SQS::Queue'))('$id refuses what is not sent over TLS', (queue) => {
    const policies = template
      .all('AWS::SQS::QueuePolicy')
      .filter(({ properties }) => properties.Queues.some(({ Ref }: { Ref: string }) => Ref === queue.id));
    expect(JSON.stringify(policies)).toContain('"Bool":{"aws:SecureTransport":"false"}');
  });

  it('gives a worker six times its time-out before a request is delivered again', () => {
    const worker = lambdaNamed('EventsWorker');
    const queue = template.one('AWS::SQS::Queue', 'EventsQueueRequests');
    expect(queue.properties.VisibilityTimeout).toBe(worker.properties.Timeout * 6);
    expect(template.all('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        ScalingConfig: { MaximumConcurrency: 2 },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      }),
    ]);
  });
});

describe('the stack', () => {
  it('is made of these kinds of resources: whatever another kind can do, or opens, wants a promise of its own', () => {
    expect([...new Set(template.types)].toSorted()).toEqual([
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::DynamoDB::Table',
      'AWS::Events::Rule',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::KMS::Key',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Lambda::Url',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::Scheduler::Schedule',
      'AWS::SecretsManager::Secret',
      'AWS::StepFunctions::StateMachine',
    ]);
  });
});

describe('the outside', () => {
  it('reaches nothing but the webhook', () => {
    const open = template
      .all('AWS::Lambda::Url')
      .filter(({ properties }) => properties.AuthType !== 'AWS_IAM');
    expect(open.map(({ properties }) => properties.TargetFunctionArn['Fn::GetAtt'][0])).toEqual([
      lambdaNamed('WebhookReceiver').id,
    ]);
    const invokedByAnybody = template
      .all('AWS::Lambda::Permission')
      .filter(({ properties }) => properties.Principal === '*')
      .map(({ properties }) => properties.FunctionName['Fn::GetAtt'][0]);
    expect(new Set(invokedByAnybody)).toEqual(new Set([lambdaNamed('WebhookReceiver').id]));
    expect(template.all('AWS::ApiGatewayV2::Api')).toEqual([]);
  });

  it('takes so many copies of the webhook function and no more', () => {
    expect(lambdaNamed('WebhookReceiver').properties.ReservedConcurrentExecutions).toBe(10);
  });

  it('reaches the webhook through an HTTP API when the settings say so, throttled and logged', () => {
    expect(withEverything.all('AWS::Lambda::Url').map(({ properties }) => properties.AuthType)).toEqual([
      'AWS_IAM',
    ]);
    const [stage] = withEverything.all('AWS::ApiGatewayV2::Stage');
    expect(stage?.properties.DefaultRouteSettings).toEqual({
      ThrottlingBurstLimit: 100,
      ThrottlingRateLimit: 50,
    });
    expect(stage?.properties.AccessLogSettings.DestinationArn).toBeDefined();
    expect(
      withEverything.all('AWS::ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey),
    ).toEqual(['POST /', 'HEAD /']);
  });
});

describe('every state machine', () => {
  it.each(template.all('AWS::StepFunctions::StateMachine'))(
    '$id ends after a day, traces and logs',
    (machine) => {
      expect(machine.properties.TracingConfiguration).toEqual({ Enabled: true });
      expect(machine.properties.LoggingConfiguration).toMatchObject({
        Level: 'ALL',
        IncludeExecutionData: false,
      });
      expect(JSON.stringify(machine.properties.DefinitionString)).toContain('\\"TimeoutSeconds\\":86400');
    },
  );
});

describe('every schedule', () => {
  const schedules = synthesizeTemplate({
    timeZone: 'Europe/Berlin',
    sweepSchedule: '30 2 ? * MON-FRI *',
  }).all('AWS::Scheduler::Schedule');

  it('begins in the time zone of the settings, tries again, and keeps what could not begin', () => {
    expect(
      schedules
        .map(({ properties }) => `${properties.ScheduleExpression} ${properties.ScheduleExpressionTimezone}`)
        .toSorted(),
    ).toEqual([
      'cron(0 9 * * ? *) Europe/Berlin',
      'cron(30 2 * * ? *) Etc/UTC', // seals, of UTC days
      'cron(30 2 ? * MON-FRI *) Europe/Berlin',
    ]);
    for (const { properties } of schedules) {
      expect(properties.Target.RetryPolicy).toEqual({
        MaximumRetryAttempts: 5,
        MaximumEventAgeInSeconds: 7200,
      });
      expect(properties.Target.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^DeadStarts/);
    }
  });
});

describe('the outputs', () => {
  it('are all that the command line looks for', () => {
    expect(Object.keys(template.outputs).toSorted()).toEqual(Object.values(outputNames).toSorted());
  });

  it('tell which policy was deployed, for which workspace, and where the functions find Intercom', () => {
    const parsed = parsePolicy(readFileSync('retention.example.yaml', 'utf8'));
    if (!parsed.ok) throw new Error('the example is not valid');
    const value = (name: keyof typeof outputNames) => template.outputs[outputNames[name]].Value;
    expect(value('policyHash')).toBe(parsed.hash);
    expect(value('workspaceId')).toBe(parsed.policy.workspaceId);
    expect(value('intercomAddress')).toBe('us');
    expect(value('intercomVersion')).toBe('2.16');
  });
});
