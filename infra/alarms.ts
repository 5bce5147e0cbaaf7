import { Duration } from 'aws-cdk-lib';
import { type Alarm, type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { auditTable, stateTable, type TableDefinition } from '#audit/table-definitions.ts';
import type { Deployment } from './deployment.ts';
import type { RetentionFunction } from './retention-function.ts';
import { retentionMetric } from './retention-metric.ts';
import { RunbookAlarm, type RunbookAlarmProps } from './runbook-alarm.ts';
import type { SliceLoop } from './slice-loop.ts';

export interface AlarmsProps {
  readonly topic: ITopic;
  readonly sweepLoop: SliceLoop;
  readonly reconcileLoop: SliceLoop;
  readonly sweep: RetentionFunction;
  readonly eventWorker: RetentionFunction;
  readonly webhook: RetentionFunction;
  readonly auditReader: RetentionFunction;
  readonly deadRequests: IQueue;
  readonly deadStarts: IQueue;
  readonly auditTable: Table;
  readonly stateTable: Table;
}

const fiveMinutes = Duration.minutes(5);
const hour = Duration.hours(1);
const day = Duration.days(1);

/** An alarm for each promise that the stack could break without anybody noticing. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, deployment: Deployment, props: AlarmsProps) {
    super(scope, id);
    const wanted: readonly (readonly [string, RunbookAlarmProps])[] = [
      ...sweepAlarms(this, deployment, props),
      ...reconcileAlarms(deployment, props),
      ...eventAlarms(deployment, props),
      ...storeAlarms(props),
    ];
    const parts = { deployment, topic: props.topic };
    this.all = wanted.map(([name, alarm]) => new RunbookAlarm(this, name, parts, alarm).alarm);
  }
}

type NamedAlarm = readonly [id: string, props: RunbookAlarmProps];

function sweepAlarms(
  scope: Construct,
  { stage, settings, policy }: Deployment,
  props: AlarmsProps,
): NamedAlarm[] {
  const finished = retentionMetric(stage, 'sweep', 'SweepFinished', hour);
  const refused = retentionMetric(stage, 'sweep', 'SweepRefused', hour);
  const deletionsPerDay = settings.alarmDeletionsPerDay ?? Math.ceil(policy.limits.perDay * 0.8);
  return [
    [
      'SweepFailed',
      {
        metric: endedBadly(props.sweepLoop),
        impact: 'A sweep did not come to its end, so conversations stay that the policy wants gone.',
        article: 'A sweep failed',
      },
    ],
    [
      'NoSweep',
      {
        // 1 for an hour in which no sweep ended, so that an alarm above 0.5 sees them all in a row
        metric: new MathExpression({
          expression: 'IF(FILL(finished, 0) + FILL(refused, 0) > 0, 0, 1)',
          usingMetrics: { finished, refused },
          period: hour,
          label: 'hours without a sweep',
        }),
        above: 0.5,
        periods: settings.sweepExpectedEveryHours,
        silence: 'alarm',
        impact:
          'No sweep has come to its end for longer than it should take: retention periods are not kept.',
        article: 'No sweep ended',
      },
    ],
    [
      'LimitRefused',
      {
        metric: refusedByLimit(scope, stage, props),
        impact:
          'A limit of the policy stopped deletions: the backlog grows, or the policy matches more than was meant.',
        article: 'A limit refused deletions',
      },
    ],
    [
      'ManyDeletions',
      {
        metric: sum(
          [
            retentionMetric(stage, 'sweep', 'SweepDeleted', day),
            retentionMetric(stage, 'delete-on-event', 'EventDeleted', day),
          ],
          day,
          'deletions',
        ),
        above: deletionsPerDay,
        impact:
          'Far more conversations were deleted in a day than usual; what was not meant cannot be undone.',
        article: 'Many deletions',
      },
    ],
    [
      'Unresolved',
      {
        metric: sum(
          [
            retentionMetric(stage, 'sweep', 'SweepUnresolved'),
            retentionMetric(stage, 'delete-on-event', 'EventUnresolved'),
          ],
          fiveMinutes,
          'unresolved',
        ),
        impact:
          'It is not known of some deletions whether they happened, so the audit trail cannot answer for them yet.',
        article: 'Intents without a known outcome',
      },
    ],
  ];
}

function reconcileAlarms({ stage, settings }: Deployment, props: AlarmsProps): NamedAlarm[] {
  const finished = retentionMetric(stage, 'reconcile', 'ReconcileFinished', hour);
  return [
    [
      'ReconcileFailed',
      {
        metric: endedBadly(props.reconcileLoop),
        impact:
          "The audit trail is not being held against Intercom's own list, so a wrong record would stay unnoticed.",
        article: 'A reconciliation failed',
      },
    ],
    [
      'NoReconcile',
      {
        metric: new MathExpression({
          expression: 'IF(FILL(finished, 0) > 0, 0, 1)',
          usingMetrics: { finished },
          period: hour,
          label: 'hours without a reconciliation',
        }),
        above: 0.5,
        periods: settings.sweepExpectedEveryHours,
        silence: 'alarm',
        impact: 'Nobody has compared the audit trail with Intercom for longer than planned.',
        article: 'No reconciliation ended',
      },
    ],
    [
      'ReconcileDrift',
      {
        metric: sum(
          [
            retentionMetric(stage, 'reconcile', 'ReconcileFlagMismatch'),
            retentionMetric(stage, 'reconcile', 'ReconcileClaimedButAbsent'),
          ],
          fiveMinutes,
          'differences',
        ),
        impact:
          'Audit trail and Intercom disagree about a deletion or its metrics flag: the record may be wrong.',
        article: 'Audit trail and Intercom disagree',
      },
    ],
    [
      'DeletedElsewhere',
      {
        metric: retentionMetric(stage, 'reconcile', 'ReconcileDeletedElsewhere'),
        impact:
          'Conversations were deleted by somebody or something else, past policy, holds and audit trail.',
        article: 'Deleted elsewhere',
      },
    ],
  ];
}

function eventAlarms({ stage }: Deployment, props: AlarmsProps): NamedAlarm[] {
  return [
    [
      'WorkerErrors',
      {
        metric: sum(
          [
            props.eventWorker.lambda.metricErrors({ period: fiveMinutes }),
            retentionMetric(stage, 'delete-on-event', 'EventLeft'),
          ],
          fiveMinutes,
          'errors',
        ),
        above: 2,
        periods: 3,
        impact:
          'Requests for deletion are not being dealt with; they wait in the queue and end as dead letters.',
        article: 'The event worker fails',
      },
    ],
    [
      'DeadRequests',
      {
        metric: waiting(props.deadRequests),
        impact: 'A request for deletion was given up: its conversation stays until somebody looks.',
        article: 'Dead letters',
      },
    ],
    [
      'DeadStarts',
      {
        metric: waiting(props.deadStarts),
        impact: 'A schedule could not begin its work: that sweep or reconciliation did not happen.',
        article: 'A schedule could not begin',
      },
    ],
    [
      'WebhookErrors',
      {
        metric: sum(
          [
            props.webhook.lambda.metricErrors({ period: fiveMinutes }),
            props.webhook.lambda.metricThrottles({ period: fiveMinutes }),
          ],
          fiveMinutes,
          'failed requests',
        ),
        impact: 'Intercom gets errors for its notifications, sends each once more and then drops it.',
        article: 'The webhook fails',
      },
    ],
    [
      'WebhookSlow',
      {
        metric: props.webhook.lambda.metricDuration({ period: fiveMinutes, statistic: Stats.percentile(99) }),
        above: 3000,
        periods: 2,
        impact:
          'Intercom gives up after five seconds and sends later to slow endpoints: events come late or never.',
        article: 'The webhook is slow',
      },
    ],
    [
      'WebhookRefused',
      {
        metric: retentionMetric(stage, 'webhook', 'WebhookRefused'),
        above: 10,
        periods: 2,
        impact:
          'Notifications without a valid signature arrive: somebody forges them, or the client secret is wrong and all are lost.',
        article: 'Signatures are refused',
      },
    ],
    [
      'WebhookUnreadable',
      {
        metric: retentionMetric(stage, 'webhook', 'WebhookUnreadable'),
        impact:
          'Signed notifications cannot be read: Intercom may have changed their format, and events are lost.',
        article: 'Notifications cannot be read',
      },
    ],
    [
      'NoticeFailed',
      {
        metric: sum(
          [
            retentionMetric(stage, 'sweep', 'NoticeFailed'),
            retentionMetric(stage, 'delete-on-event', 'NoticeFailed'),
          ],
          fiveMinutes,
          'notices',
        ),
        impact: 'Systems that keep copies of conversations were not told of deletions, and keep theirs.',
        article: 'Notices are not sent',
      },
    ],
    [
      'AuditQueryErrors',
      {
        metric: props.auditReader.lambda.metricErrors({ period: fiveMinutes }),
        periods: 2,
        impact: 'Questions to the audit trail go unanswered.',
        article: 'The audit query fails',
      },
    ],
  ];
}

function storeAlarms({ auditTable: audit, stateTable: state }: AlarmsProps): NamedAlarm[] {
  return [
    [
      'AuditThrottled',
      {
        metric: throttles(audit, auditTable),
        periods: 3,
        impact:
          'DynamoDB turns away reads or writes of the audit trail; no record, no deletion, so sweeps slow down or stop.',
        article: 'A table is throttled',
      },
    ],
    [
      'StateThrottled',
      {
        metric: throttles(state, stateTable),
        periods: 3,
        impact: 'DynamoDB turns away reads or writes of the run state, so sweeps slow down or stop.',
        article: 'The state table is throttled',
      },
    ],
  ];
}

function sum(metrics: readonly IMetric[], period: Duration, label: string): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period, label });
}

const endedBadly = ({ machine }: SliceLoop): MathExpression =>
  sum(
    [
      machine.metricFailed({ period: fiveMinutes }),
      machine.metricTimedOut({ period: fiveMinutes }),
      machine.metricAborted({ period: fiveMinutes }),
    ],
    fiveMinutes,
    'executions that ended badly',
  );

const waiting = (queue: IQueue): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MAXIMUM });

/** Of the table and of each index, since a throttled index holds up the table. */
function throttles(table: Table, { indexes }: TableDefinition): MathExpression {
  const places = [{}, ...indexes.map(({ name }) => ({ GlobalSecondaryIndexName: name }))];
  const metrics = places.flatMap((place) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
      (metricName) =>
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap: { TableName: table.tableName, ...place },
          statistic: Stats.SUM,
          period: fiveMinutes,
        }),
    ),
  );
  return sum(metrics, fiveMinutes, 'throttled requests');
}

/** Refusals for want of approval or in observe mode are no alarm, so this is read from the log, which names the code. */
function refusedByLimit(scope: Construct, stage: string, { sweep, eventWorker }: AlarmsProps): Metric {
  const metric = { metricNamespace: 'IntercomRetention', metricName: 'RefusedByLimit' };
  const codes = ['per_run', 'per_day', 'share_of_workspace', 'share_unknown_total'];
  const filter = (id: string, source: RetentionFunction, field: string, line: string) =>
    new MetricFilter(scope, id, {
      logGroup: source.logGroup,
      ...metric,
      metricValue: '1',
      dimensions: { stage: '$.stage' },
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.message', '=', line),
        FilterPattern.any(...codes.map((code) => FilterPattern.stringValue(field, '=', `*${code}*`))),
      ),
    });
  filter('SweepRefusedByLimit', sweep, '$.code', 'sweep_refused');
  filter('EventRefusedByLimit', eventWorker, '$.refusals', 'event_refused');
  return new Metric({
    namespace: metric.metricNamespace,
    metricName: metric.metricName,
    dimensionsMap: { stage },
    statistic: Stats.SUM,
    period: fiveMinutes,
  });
}
