import { Duration } from 'aws-cdk-lib';
import { doesNotCome, happened, isSo } from './alarm-condition.ts';
import type { Deployment } from './deployment.ts';
import { endedBadly } from './executions-ended-badly.ts';
import { metricSum } from './metric-sum.ts';
import { retentionMetric } from './retention-metric.ts';
import type { NamedAlarm } from './runbook-alarm.ts';
import type { SliceLoop } from './slice-loop.ts';

export interface SweepParts {
  readonly sweepLoop: SliceLoop;
}

/** Whether sweeps happen, delete what they may, and know what they deleted. */
export function sweepAlarms(deployment: Deployment, { sweepLoop }: SweepParts): NamedAlarm[] {
  const { stage, settings, policy } = deployment;
  const finished = retentionMetric(stage, 'sweep', 'SweepFinished');
  const refused = retentionMetric(stage, 'sweep', 'SweepRefused');
  const day = Duration.days(1);
  return [
    [
      'SweepFailed',
      {
        when: happened(endedBadly(sweepLoop), 'sweeps that ended badly'),
        impact: 'A sweep did not come to its end, so conversations stay that the policy wants gone.',
        article: 'A sweep failed',
      },
    ],
    [
      'NoSweep',
      {
        when: doesNotCome([finished, refused], {
          period: Duration.hours(1),
          times: settings.sweepExpectedEveryHours,
          label: 'hours without a sweep',
        }),
        impact:
          'No sweep has come to its end for longer than it should take: retention periods are not kept.',
        article: 'No sweep ended',
      },
    ],
    ...(policy.mode === 'delete' ? [noSweepFinished(deployment)] : []),
    [
      'LimitRefused',
      {
        when: happened(
          [
            retentionMetric(stage, 'sweep', 'SweepStoppedByLimits'),
            retentionMetric(stage, 'delete-on-event', 'EventStoppedByLimits'),
          ],
          'plans that limits stopped',
        ),
        impact:
          'A limit of the policy stopped deletions: the backlog grows, or the policy matches more than was meant.',
        article: 'A limit refused deletions',
      },
    ],
    [
      'ManyDeletions',
      {
        when: isSo(
          metricSum(
            [
              retentionMetric(stage, 'sweep', 'SweepDeleted'),
              retentionMetric(stage, 'delete-on-event', 'EventDeleted'),
            ],
            day,
            'deletions',
          ),
          { above: settings.alarmDeletionsPerDay ?? Math.ceil(policy.limits.perDay * 0.8) },
        ),
        impact:
          'Far more conversations were deleted in a day than usual; what was not meant cannot be undone.',
        article: 'Many deletions',
      },
    ],
    [
      'Unresolved',
      {
        when: happened(
          [
            retentionMetric(stage, 'sweep', 'SweepUnresolved'),
            retentionMetric(stage, 'delete-on-event', 'EventUnresolved'),
          ],
          'unresolved deletions',
        ),
        impact:
          'It is not known of some deletions whether they happened, so the audit trail cannot answer for them yet.',
        article: 'Intents without a known outcome',
      },
    ],
  ];
}

const patienceDays = 3;

/** A refused sweep has ended as well, so a gate that nobody opens would never be missed. In observe mode it never opens. */
const noSweepFinished = ({ stage, settings }: Deployment): NamedAlarm => [
  'NoSweepFinished',
  {
    when: doesNotCome([retentionMetric(stage, 'sweep', 'SweepFinished')], {
      period: Duration.days(1),
      times: Math.max(patienceDays, Math.ceil(settings.sweepExpectedEveryHours / 24)),
      label: 'days without a sweep that was let through',
    }),
    impact:
      'For days no sweep has got past the gate: nothing is deleted, and retention periods are not kept.',
    article: 'No sweep is let through',
  },
];
