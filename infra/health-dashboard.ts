import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { endedBadly } from './executions-ended-badly.ts';
import { metricSum } from './metric-sum.ts';
import type { RetentionFunction } from './retention-function.ts';
import { retentionMetric } from './retention-metric.ts';
import type { SliceLoop } from './slice-loop.ts';

export interface HealthDashboardProps {
  readonly alarms: readonly Alarm[];
  readonly sweepLoop: SliceLoop;
  readonly reconcileLoop: SliceLoop;
  readonly sealLoop: SliceLoop;
  readonly webhook: RetentionFunction;
  readonly requests: IQueue;
  readonly deadRequests: IQueue;
}

const day = Duration.days(1);
const fiveMinutes = Duration.minutes(5);
const wholeWidth = 24;

/** The first row says whether the service is well; those below say what it did. */
export class HealthDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    { stage, settings, policy }: Deployment,
    props: HealthDashboardProps,
  ) {
    super(scope, id);
    const sweep = (name: Parameters<typeof retentionMetric>[2], period = fiveMinutes) =>
      retentionMetric(stage, 'sweep', name, period);
    const event = (name: Parameters<typeof retentionMetric>[2], period = fiveMinutes) =>
      retentionMetric(stage, 'delete-on-event', name, period);
    const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
      new GraphWidget({ title, left, right, width: wholeWidth / 3 });
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: `intercom-retention-${stage}`,
      defaultInterval: Duration.days(3),
      widgets: [
        [
          new AlarmStatusWidget({
            title: 'Well, if all of these are green: what failed stays red for 23 hours',
            alarms: [...props.alarms],
            width: wholeWidth,
            height: 5,
          }),
        ],
        [
          new SingleValueWidget({
            title: 'The last day',
            width: wholeWidth,
            metrics: [
              sweep('SweepFinished', day),
              sweep('SweepRefused', day),
              sweep('SweepDeleted', day),
              event('EventDeleted', day),
              sweep('SweepFailed', day),
              sweep('SweepUnresolved', day),
              retentionMetric(stage, 'reconcile', 'ReconcileFinished', day),
              metricSum(
                [props.sweepLoop, props.reconcileLoop, props.sealLoop].flatMap(endedBadly),
                day,
                'executions that ended badly',
              ),
            ],
          }),
        ],
        [
          graph('Sweeps: outcomes', [
            sweep('SweepDeleted'),
            sweep('SweepNotFound'),
            sweep('SweepKept'),
            sweep('SweepUnresolved'),
            sweep('SweepFailed'),
          ]),
          graph('Sweeps: calls of Intercom', [sweep('SweepApiCalls')], [sweep('SweepRateLimited')]),
          graph('Sweeps: executions', [
            props.sweepLoop.machine.metricStarted({ period: fiveMinutes }),
            props.sweepLoop.machine.metricSucceeded({ period: fiveMinutes }),
            props.sweepLoop.machine.metricFailed({ period: fiveMinutes }),
          ]),
        ],
        [
          graph('Events: outcomes', [
            event('EventDeleted'),
            event('EventKept'),
            event('EventNothing'),
            event('EventRefused'),
            event('EventFailed'),
          ]),
          graph(
            'Events: waiting',
            [props.requests.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes })],
            [props.deadRequests.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes })],
          ),
          graph(
            'Webhook',
            [
              retentionMetric(stage, 'webhook', 'WebhookQueued'),
              retentionMetric(stage, 'webhook', 'WebhookRefused'),
            ],
            [props.webhook.lambda.metricDuration({ period: fiveMinutes, statistic: Stats.percentile(99) })],
          ),
        ],
        [
          graph('Reconciliation', [
            retentionMetric(stage, 'reconcile', 'ReconcileConfirmed'),
            retentionMetric(stage, 'reconcile', 'ReconcileFlagMismatch'),
            retentionMetric(stage, 'reconcile', 'ReconcileClaimedButAbsent'),
            retentionMetric(stage, 'reconcile', 'ReconcileDeletedElsewhere'),
          ]),
          graph('Seals', [
            retentionMetric(stage, 'seal', 'SealDays'),
            retentionMetric(stage, 'seal', 'SealFinished'),
            retentionMetric(stage, 'seal', 'SealLate'),
          ]),
          new TextWidget({
            width: wholeWidth / 3,
            height: 6,
            markdown: `Workspace **${policy.workspaceId}**, mode **${policy.mode}**, approval **${policy.approval}**. What each alarm means: ${settings.runbookUrl}`,
          }),
        ],
      ],
    });
  }
}
