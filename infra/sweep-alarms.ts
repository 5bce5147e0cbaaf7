import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { endedBadly } from './executions-ended-badly.ts';
import { metricSum } from './metric-sum.ts';
import { refusedByLimit } from './refused-by-limit.ts';
import type { RetentionFunction } from './retention-function.ts';
import { retentionMetric } from './retention-metric.ts';
import type { NamedAlarm } from './runbook-alarm.ts';
import type { SliceLoop } from './slice-loop.ts';

export interface SweepParts {
  readonly sweepLoop: SliceLoop;
  readonly sweep: RetentionFunction;
  readonly eventWorker: RetentionFunction;
}

const fiveMinutes = Duration.minutes(5);
const hour = Duration.hours(1);
const day = Duration.days(1);

/** Whether sweeps happen, delete what they may, and know what they deleted. */
export function sweepAlarms(
  scope: Construct,
  { stage, settings, policy }: Deployment,
  parts: SweepParts,
): NamedAlarm[] {
  const finished = retentionMetric(stage, 'sweep', 'SweepFinished', hour);
  const refused = retentionMetric(stage, 'sweep', 'SweepRefused', hour);
  const deletionsPerDay = settings.alarmDeletionsPerDay ?? Math.ceil(policy.limits.perDay * 0.8);
  return [
    [
      'SweepFailed',
      {
        metric: endedBadly(parts.sweepLoop),
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
        metric: refusedByLimit(scope, stage, parts),
        impact:
          'A limit of the policy stopped deletions: the backlog grows, or the policy matches more than was meant.',
        article: 'A limit refused deletions',
      },
    ],
    [
      'ManyDeletions',
      {
        metric: metricSum(
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
        metric: metricSum(
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
