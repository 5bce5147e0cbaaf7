import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '#infra/runbook-alarm.ts';
import { makeMetrics } from '#runtime/metrics.ts';
import { captureOutput } from '#support/lambda-output.ts';
import { type Json, synthesizeTemplate } from '#support/template.ts';

const project = join(import.meta.dirname, '../..');

/** The example, as it is once somebody lets it delete. */
const policyFile = join(mkdtempSync(join(tmpdir(), 'retention-alarms-')), 'deleting.yaml');
writeFileSync(
  policyFile,
  readFileSync(join(project, 'retention.example.yaml'), 'utf8').replace('mode: observe', 'mode: delete'),
);

const template = synthesizeTemplate({ policyFile, runbookUrl: 'https://wiki.example/operations' });
const alarms = template.all('AWS::CloudWatch::Alarm').map(({ id, properties }) => ({ id, properties }));
const [topic] = template.all('AWS::SNS::Topic');

const nameOf = ({ id }: { readonly id: string }): string => id.replace(/^Alarms(.*)Alarm[0-9A-F]{8}$/, '$1');

/** The metrics that an alarm reads, by their ids in its expression. */
const metricsOf = (properties: Json): ReadonlyMap<string, Json> =>
  properties.Metrics === undefined
    ? new Map([['only', { Metric: properties, Period: properties.Period, Stat: properties.Statistic }]])
    : new Map(
        properties.Metrics.flatMap(({ Id, MetricStat }: Json) =>
          MetricStat === undefined ? [] : [[Id, MetricStat]],
        ),
      );

/** `sweep/SweepFinished` for a metric of ours, `AWS/States ExecutionsFailed of SweepLoopMachine` for one of AWS's. */
function metricText({ Metric, Stat }: Json): string {
  const dimensions: readonly [string, string][] = Metric.Dimensions.map(({ Name, Value }: Json) => [
    Name,
    (typeof Value === 'string' ? Value : (Value.Ref ?? Value['Fn::GetAtt'][0])).replace(/[0-9A-F]{8}$/, ''),
  ]);
  const { service, stage, ...others } = Object.fromEntries(dimensions);
  const isOurs =
    Metric.Namespace === 'IntercomRetention' && stage === 'test' && Object.keys(others).length === 0;
  const name = isOurs
    ? `${service}/${Metric.MetricName}`
    : `${Metric.Namespace} ${Metric.MetricName} of ${dimensions.map(([, value]) => value).join(' ')}`;
  return Stat === 'Sum' ? name : `${Stat} ${name}`;
}

/** What an alarm watches, with metrics and inner expressions in the place of their ids. */
function expressionText(properties: Json): string {
  const metrics = metricsOf(properties);
  const textOf = (id: string): string => {
    const metric = metrics.get(id);
    if (metric !== undefined) return metricText(metric);
    const inner = properties.Metrics.find(({ Id }: Json) => Id === id);
    return inner === undefined ? id : inner.Expression.replaceAll(/[a-z]\w*/g, textOf);
  };
  const outer = properties.Metrics?.find(({ ReturnData }: Json) => ReturnData);
  return textOf(outer === undefined ? 'only' : outer.Id);
}

/** When an alarm goes off and when it is over, all of it. */
const conditionOf = (properties: Json): readonly unknown[] => {
  const periods = new Set([...metricsOf(properties).values()].map(({ Period }) => Period));
  expect(properties.ComparisonOperator).toBe('GreaterThanThreshold');
  return [
    expressionText(properties),
    properties.Threshold,
    `${properties.DatapointsToAlarm} of ${properties.EvaluationPeriods} × ${[...periods].join(', ')} s`,
    properties.TreatMissingData,
  ];
};

const sum = (...metrics: readonly string[]): string => metrics.map((name) => `FILL(${name}, 0)`).join(' + ');
const endedBadly = (machine: string): string =>
  sum(...['Failed', 'TimedOut', 'Aborted'].map((end) => `AWS/States Executions${end} of ${machine}`));
const throttles = (...places: readonly string[]): string =>
  sum(
    ...places.flatMap((place) =>
      ['Read', 'Write'].map((kind) => `AWS/DynamoDB ${kind}ThrottleEvents of ${place}`),
    ),
  );
const silence = (...metrics: readonly string[]): string => `IF(${sum(...metrics)} > 0, 0, 1)`;
const lastDay = '1 of 23 × 3600 s';

/** Every alarm: what it watches, above what, in how many periods of which length, and what no data means. */
const conditions: Readonly<Record<string, readonly unknown[]>> = {
  SweepFailed: [endedBadly('SweepLoopMachine'), 0, lastDay, 'notBreaching'],
  NoSweep: [silence('sweep/SweepFinished', 'sweep/SweepRefused'), 0, '26 of 26 × 3600 s', 'breaching'],
  NoSweepFinished: [silence('sweep/SweepFinished'), 0, '3 of 3 × 86400 s', 'breaching'],
  LimitRefused: [
    sum('sweep/SweepStoppedByLimits', 'delete-on-event/EventStoppedByLimits'),
    0,
    lastDay,
    'notBreaching',
  ],
  ManyDeletions: [
    sum('sweep/SweepDeleted', 'delete-on-event/EventDeleted'),
    4000,
    '1 of 1 × 86400 s',
    'notBreaching',
  ],
  Unresolved: [sum('sweep/SweepUnresolved', 'delete-on-event/EventUnresolved'), 0, lastDay, 'notBreaching'],
  ReconcileFailed: [endedBadly('ReconciliationLoopMachine'), 0, lastDay, 'notBreaching'],
  NoReconcile: [silence('reconcile/ReconcileFinished'), 0, '26 of 26 × 3600 s', 'breaching'],
  ReconcileDrift: [
    sum('reconcile/ReconcileFlagMismatch', 'reconcile/ReconcileClaimedButAbsent'),
    0,
    lastDay,
    'notBreaching',
  ],
  DeletedElsewhere: [sum('reconcile/ReconcileDeletedElsewhere'), 0, lastDay, 'notBreaching'],
  SealFailed: [endedBadly('SealingLoopMachine'), 0, lastDay, 'notBreaching'],
  NoSeal: [silence('seal/SealFinished'), 0, '26 of 26 × 3600 s', 'breaching'],
  SealLate: [sum('seal/SealLate'), 0, lastDay, 'notBreaching'],
  SealKeyChanged: [sum('seal/SealKeyChanged'), 0, lastDay, 'notBreaching'],
  WorkerErrors: [
    sum('AWS/Lambda Errors of EventsWorkerFunction', 'delete-on-event/EventLeft'),
    2,
    '1 of 1 × 3600 s',
    'notBreaching',
  ],
  DeadRequests: [
    'Maximum AWS/SQS ApproximateNumberOfMessagesVisible of EventsQueueDeadLetters',
    0,
    '1 of 1 × 300 s',
    'notBreaching',
  ],
  DeadStarts: [
    'Maximum AWS/SQS ApproximateNumberOfMessagesVisible of DeadStarts',
    0,
    '1 of 1 × 300 s',
    'notBreaching',
  ],
  WebhookErrors: [
    sum(
      'AWS/Lambda Url5xxCount of WebhookReceiverFunction',
      'AWS/Lambda Throttles of WebhookReceiverFunction',
    ),
    0,
    lastDay,
    'notBreaching',
  ],
  WebhookSlow: [
    sum('p99 AWS/Lambda UrlRequestLatency of WebhookReceiverFunction'),
    3000,
    '2 of 12 × 300 s',
    'notBreaching',
  ],
  WebhookRefused: [sum('webhook/WebhookRefused'), 10, '2 of 12 × 300 s', 'notBreaching'],
  WebhookAllRefused: [
    `IF(${sum('webhook/WebhookQueued', 'webhook/WebhookUnknownTopic', 'webhook/WebhookUnreadable')} > 0, 0, ${sum('webhook/WebhookRefused')})`,
    4,
    '1 of 1 × 86400 s',
    'notBreaching',
  ],
  WebhookUnreadable: [sum('webhook/WebhookUnreadable'), 0, lastDay, 'notBreaching'],
  NoticeFailed: [sum('sweep/NoticeFailed', 'delete-on-event/NoticeFailed'), 0, lastDay, 'notBreaching'],
  AuditQueryErrors: [
    sum('AWS/Lambda Errors of AuditQueryReaderFunction'),
    0,
    '2 of 12 × 300 s',
    'notBreaching',
  ],
  AuditQueryUnsigned: [sum('audit-query/AuditQueryUnsigned'), 0, lastDay, 'notBreaching'],
  AuditThrottled: [
    throttles(...['', 'by_day ', 'by_rule ', 'by_run '].map((index) => `${index}StoresAuditTable`)),
    0,
    '3 of 3 × 300 s',
    'notBreaching',
  ],
  StateThrottled: [throttles('StoresStateTable'), 0, '3 of 3 × 300 s', 'notBreaching'],
};

/** What each alarm watches, as metric names. */
const watched = (properties: Json): readonly string[] =>
  (properties.Metrics ?? [{ MetricStat: { Metric: properties } }])
    .map((metric: Json) => metric.MetricStat?.Metric.MetricName)
    .filter((name: string | undefined) => name !== undefined);

const articles = readFileSync(join(project, 'docs/operations.md'), 'utf8').split(/^## /m);
const anchors = articles.map((article) => anchorOf(article.split('\n')[0]!));

describe('Alarms', { timeout: 120_000 }, () => {
  it('go off and are over when this table says, each of them and no other', () => {
    const given = alarms.map((alarm) => [nameOf(alarm), conditionOf(alarm.properties)]);
    expect(Object.fromEntries(given)).toEqual(conditions);
    expect(given).toHaveLength(Object.keys(conditions).length);
  });

  it.each(alarms)(
    '$id says what it means in one sentence, and where to read on in a document that has it',
    ({ properties }) => {
      const [impact, url] = properties.AlarmDescription.split(' What to do: ');
      expect(impact).toMatch(/^[A-Z].{40,}\.$/);
      const [document, anchor] = url.split('#');
      expect(document).toBe('https://wiki.example/operations');
      expect(anchors).toContain(anchor);
    },
  );

  it.each(alarms)('$id tells people when it begins and when it is over', ({ properties }) => {
    expect(properties.AlarmActions).toEqual([{ Ref: topic?.id }]);
    expect(properties.OKActions).toEqual([{ Ref: topic?.id }]);
  });

  it('have an article each, which says what it means, where to look and what to do', () => {
    for (const { properties } of alarms) {
      const anchor = properties.AlarmDescription.split('#')[1];
      const article = articles[anchors.indexOf(anchor)]!;
      for (const part of ['**What it means.**', '**Where to look.**', '**What to do.**']) {
        expect(article, anchor).toContain(part);
      }
    }
  });

  it('are said to be over in their article as they are: 23 hours after an event, or when it is no longer so', () => {
    for (const { properties } of alarms) {
      const anchor = properties.AlarmDescription.split('#')[1];
      const [, over] = /^\*\*When it is over\.\*\* (.+)$/m.exec(articles[anchors.indexOf(anchor)]!) ?? [];
      const isEvent = properties.EvaluationPeriods === 23;
      expect(over, anchor).toMatch(isEvent ? /^23 hours after the last / : /^(When|With) /);
    }
  });

  it('are one for each article that tells what an alarm means, and no fewer', () => {
    const toldByDeployCheck = ['a-policy-was-changed-by-hand', 'something-of-the-stack-was-removed'];
    const wanted = anchors.filter(
      (anchor, index) =>
        articles[index]!.includes('**What it means.**') && !toldByDeployCheck.includes(anchor),
    );
    const given = alarms.map(({ properties }) => properties.AlarmDescription.split('#')[1]);
    expect(given.toSorted()).toEqual(wanted.toSorted());
  });

  it('are counted in the costs of docs/deploy.md, with the metrics that each reads', () => {
    const metrics = alarms.flatMap(({ properties }) => watched(properties)).length;
    const costs = readFileSync(join(project, 'docs/deploy.md'), 'utf8');
    expect(costs).toContain(`${alarms.length} alarms that read ${metrics} metrics`);
    expect(costs).toContain(`${metrics} × $0.10 | ${(metrics / 10).toFixed(2)} |`);
  });

  it('may tell their topic, whose own policy lets nobody in whom it does not name', () => {
    const statements = template
      .all('AWS::SNS::TopicPolicy')
      .flatMap(({ properties }) => properties.PolicyDocument.Statement);
    expect(statements).toContainEqual({
      Sid: 'AlarmsMayTell',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: { Ref: topic!.id },
      Condition: { StringEquals: { 'aws:SourceAccount': expect.anything() } },
    });
  });

  it('stay silent about silence where nothing begins by itself', () => {
    const idle = synthesizeTemplate({ policyFile, scheduleEnabled: false }).all('AWS::CloudWatch::Alarm');
    const left = alarms.map(({ id }) => id).filter((id) => !idle.some((alarm) => alarm.id === id));
    expect(left.map((id) => nameOf({ id }))).toEqual(['NoSweep', 'NoSweepFinished', 'NoReconcile', 'NoSeal']);
  });

  it('miss a sweep after so many hours as the settings say', () => {
    const heartbeat = (hours: Json) =>
      synthesizeTemplate(hours).one('AWS::CloudWatch::Alarm', 'AlarmsNoSweepAlarm').properties;
    expect(heartbeat({})).toMatchObject({ EvaluationPeriods: 26, TreatMissingData: 'breaching' });
    expect(heartbeat({ sweepExpectedEveryHours: 100 }).EvaluationPeriods).toBe(100);
  });

  it("find a day's deletions too many at four fifths of what the policy allows, or where the settings say", () => {
    const most = (settings: Json) =>
      synthesizeTemplate(settings).one('AWS::CloudWatch::Alarm', 'AlarmsManyDeletions').properties.Threshold;
    expect(most({})).toBe(4000);
    expect(most({ alarmDeletionsPerDay: 77 })).toBe(77);
  });

  it("watch the webhook at whichever door Intercom's requests come in by", () => {
    const alarmsOf = (settings: Json) =>
      synthesizeTemplate(settings)
        .all('AWS::CloudWatch::Alarm')
        .map(({ properties }) => properties);
    const atDoor = (properties: readonly Json[], name: string) =>
      properties.filter((one) => watched(one).includes(name)).map((one) => JSON.stringify(one));
    const atFunctionUrl = alarmsOf({ webhook: 'function-url' });
    const atHttpApi = alarmsOf({ webhook: 'http-api' });
    for (const [properties, names, door] of [
      [atFunctionUrl, ['Url5xxCount', 'UrlRequestLatency'], '{"Ref":"WebhookReceiverFunction'],
      [atHttpApi, ['5xx', 'Latency'], '{"Ref":"WebhookApi'],
    ] as const) {
      for (const name of names)
        expect(atDoor(properties, name), name).toEqual([expect.stringContaining(door)]);
    }
    expect(atDoor(atHttpApi, 'Url5xxCount')).toEqual([]);
  });

  it('miss a sweep that is let through after three days, or after as long as a sweep may take to come; never in observe mode', () => {
    const days = (settings: Json) =>
      synthesizeTemplate(settings)
        .all('AWS::CloudWatch::Alarm')
        .filter((alarm) => nameOf(alarm) === 'NoSweepFinished')
        .map(({ properties }) => properties.EvaluationPeriods);
    expect(days({ policyFile, sweepExpectedEveryHours: 72 })).toEqual([3]);
    expect(days({ policyFile, sweepExpectedEveryHours: 73 })).toEqual([4]);
    expect(days({ policyFile, sweepExpectedEveryHours: 168 })).toEqual([7]); // CloudWatch looks back no further
    expect(days({})).toEqual([]);
  });

  it('read metrics that the function of their service counts, by the dimensions that it counts them with', async () => {
    const ours = alarms
      .flatMap(({ properties }) => [...metricsOf(properties).values()])
      .map(({ Metric }) => Metric)
      .filter(({ Namespace }) => !Namespace.startsWith('AWS/'));
    const services = new Map<string, string>();
    for (const { Namespace, MetricName, Dimensions } of ours) {
      const service = Dimensions.find(({ Name }: Json) => Name === 'service').Value;
      if (!services.has(service)) services.set(service, await codeOf(service));
      expect(services.get(service)).toContain(`service: "${service}"`);
      expect(services.get(service), service).toContain(`"${MetricName}"`);
      expect({ Namespace, MetricName, Dimensions }).toEqual(countedAs(service, MetricName));
    }
    expect([...services.keys()].toSorted()).toEqual([
      'audit-query',
      'delete-on-event',
      'reconcile',
      'seal',
      'sweep',
      'webhook',
    ]);
  });
});

/** All of this project's code that one handler has; names of metrics are in it only where they are counted. */
async function codeOf(handler: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: [`functions/handlers/${handler}.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return outputFiles[0]!.text;
}

/** The metric that CloudWatch makes of what a function writes when it counts. */
function countedAs(service: string, name: Json): Json {
  using output = captureOutput();
  const metrics = makeMetrics(service, 'test');
  metrics.count(name);
  metrics.publish();
  const [line] = output.takeLines() as Json[];
  const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
  return {
    Namespace,
    MetricName: Metrics[0].Name,
    Dimensions: Dimensions[0].map((Name: string) => ({ Name, Value: line[Name] })),
  };
}

describe('HealthDashboard', () => {
  it('begins with the state of every alarm', () => {
    const [dashboard] = template.all('AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.properties.DashboardBody);
    const firstWidget = body.slice(0, body.indexOf('singleValue'));
    for (const { id } of alarms) expect(firstWidget).toContain(`"${id}"`);
  });

  it('tells among the figures of the last day how many executions ended badly, of every state machine', () => {
    const [dashboard] = template.all('AWS::CloudWatch::Dashboard');
    const body: Json = JSON.parse(
      dashboard?.properties.DashboardBody['Fn::Join'][1]
        .map((part: Json) => (typeof part === 'string' ? part : (part.Ref ?? part['Fn::GetAtt']?.[0])))
        .join(''),
    );
    const { properties } = body.widgets.find(({ properties: { view } }: Json) => view === 'singleValue');
    const ended = properties.metrics.filter((metric: Json) => metric[0] === 'AWS/States');
    const machines = template.all('AWS::StepFunctions::StateMachine').map(({ id }) => id);
    expect(ended.map(([, name, , machine]: Json) => `${name} ${machine}`).toSorted()).toEqual(
      ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted']
        .flatMap((name) => machines.map((machine) => `${name} ${machine}`))
        .toSorted(),
    );
    const [total] = properties.metrics.find(([{ label }]: Json) => label === 'executions that ended badly');
    expect(total).toMatchObject({ period: 86_400 });
    for (const metric of ended) expect(total.expression).toContain(`FILL(${metric.at(-1).id}, 0)`);
  });
});
