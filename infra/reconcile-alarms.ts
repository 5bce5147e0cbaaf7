import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Deployment } from './deployment.ts';
import { endedBadly } from './executions-ended-badly.ts';
import { metricSum } from './metric-sum.ts';
import { retentionMetric } from './retention-metric.ts';
import type { NamedAlarm } from './runbook-alarm.ts';
import type { SliceLoop } from './slice-loop.ts';

const hour = Duration.hours(1);

/** Whether the audit trail is held against Intercom's own list, and fits. */
export function reconcileAlarms(
  { stage, settings }: Deployment,
  { reconcileLoop }: { readonly reconcileLoop: SliceLoop },
): NamedAlarm[] {
  const finished = retentionMetric(stage, 'reconcile', 'ReconcileFinished', hour);
  return [
    [
      'ReconcileFailed',
      {
        metric: endedBadly(reconcileLoop),
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
        metric: metricSum(
          [
            retentionMetric(stage, 'reconcile', 'ReconcileFlagMismatch'),
            retentionMetric(stage, 'reconcile', 'ReconcileClaimedButAbsent'),
          ],
          Duration.minutes(5),
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
