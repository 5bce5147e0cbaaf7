import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '#infra/runbook-alarm.ts';
import { type Json, synthesizeTemplate } from '#support/template.ts';

const template = synthesizeTemplate({ runbookUrl: 'https://wiki.example/operations' });
const alarms = template.all('AWS::CloudWatch::Alarm').map(({ id, properties }) => ({ id, properties }));
const [topic] = template.all('AWS::SNS::Topic');

/** What each alarm watches, as metric names. */
const watched = (properties: Json): readonly string[] =>
  (properties.Metrics ?? [{ MetricStat: { Metric: properties } }])
    .map((metric: Json) => metric.MetricStat?.Metric.MetricName)
    .filter((name: string | undefined) => name !== undefined);

const articles = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8').split(/^## /m);
const anchors = articles.map((article) => anchorOf(article.split('\n')[0]!));

describe('Alarms', { timeout: 120_000 }, () => {
  it.each([
    ['executions failed or timed out', ['ExecutionsFailed', 'ExecutionsTimedOut']],
    ['dead letters', ['ApproximateNumberOfMessagesVisible']],
    ['errors of a function', ['Errors']],
    ['answers of the webhook that Intercom sees fail', ['Url5xxCount', 'Throttles']],
    ['slow answers of the webhook', ['UrlRequestLatency']],
    ['questions to the audit trail that IAM did not check', ['AuditQueryUnsigned']],
    ['signatures that were refused', ['WebhookRefused']],
    ['throttles', ['ReadThrottleEvents', 'WriteThrottleEvents']],
    ['no sweep that ended', ['SweepFinished', 'SweepRefused']],
    ['intents without a known outcome', ['SweepUnresolved', 'EventUnresolved']],
    ['drift', ['ReconcileFlagMismatch', 'ReconcileClaimedButAbsent']],
    ['deletions far above normal', ['SweepDeleted', 'EventDeleted']],
    ['limits that refused', ['RefusedByLimit']],
    ['what was deleted elsewhere', ['ReconcileDeletedElsewhere']],
    ['a seal that is missing', ['SealFinished']],
    ['records that were late for their seal', ['SealLate']],
    ['another key of the seals', ['SealKeyChanged']],
    ['notices that were not sent', ['NoticeFailed']],
  ])('tell of %s', (_, metrics) => {
    const together = alarms.filter(({ properties }) =>
      metrics.every((name) => watched(properties).includes(name)),
    );
    expect(together).not.toEqual([]);
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

  it('are one for each article that tells what an alarm means, and no fewer', () => {
    const wanted = anchors.filter((_, index) => articles[index]!.includes('**What it means.**'));
    const given = alarms.map(({ properties }) => properties.AlarmDescription.split('#')[1]);
    expect(given.toSorted()).toEqual(wanted.toSorted());
  });

  it('are counted in the costs of docs/deploy.md, with the metrics that each reads', () => {
    const metrics = alarms.flatMap(({ properties }) => watched(properties)).length;
    const costs = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
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
    const idle = synthesizeTemplate({ scheduleEnabled: false }).all('AWS::CloudWatch::Alarm');
    const left = alarms.map(({ id }) => id).filter((id) => !idle.some((alarm) => alarm.id === id));
    expect(left.map((id) => id.replace(/^Alarms(.*)[0-9A-F]{8}$/, '$1'))).toEqual([
      'NoSweepAlarm',
      'NoReconcileAlarm',
      'NoSealAlarm',
    ]);
  });

  it('miss a sweep after so many hours as the settings say', () => {
    const heartbeat = (hours: Json) =>
      synthesizeTemplate(hours).one('AWS::CloudWatch::Alarm', 'AlarmsNoSweep').properties;
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

  it('look at metrics that the functions name themselves by: service and stage', () => {
    const dimensions = alarms
      .flatMap(({ properties }) => properties.Metrics ?? [])
      .map((metric: Json) => metric.MetricStat?.Metric)
      .filter(
        (metric: Json) => metric?.Namespace === 'IntercomRetention' && metric.MetricName !== 'RefusedByLimit',
      )
      .map((metric: Json) => metric.Dimensions.map(({ Name, Value }: Json) => `${Name}=${Value}`).join(' '));
    expect(new Set(dimensions)).toEqual(
      new Set([
        'service=sweep stage=test',
        'service=delete-on-event stage=test',
        'service=reconcile stage=test',
        'service=webhook stage=test',
        'service=audit-query stage=test',
        'service=seal stage=test',
      ]),
    );
  });
});

describe('HealthDashboard', () => {
  it('begins with the state of every alarm', () => {
    const [dashboard] = template.all('AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.properties.DashboardBody);
    const firstWidget = body.slice(0, body.indexOf('singleValue'));
    for (const { id } of alarms) expect(firstWidget).toContain(`"${id}"`);
  });
});
