import { Duration } from 'aws-cdk-lib';
import { doesNotCome, happened } from './alarm-condition.ts';
import type { Deployment } from './deployment.ts';
import { endedBadly } from './executions-ended-badly.ts';
import { retentionMetric } from './retention-metric.ts';
import type { NamedAlarm } from './runbook-alarm.ts';
import type { SliceLoop } from './slice-loop.ts';

/** Of a day and its settling delay, with an hour or two of patience. */
const expectedEveryHours = 26;

/** Whether each day of the audit trail gets its seal, and holds all of its records then. */
export function sealAlarms(
  { stage }: Deployment,
  { sealLoop }: { readonly sealLoop: SliceLoop },
): NamedAlarm[] {
  return [
    [
      'SealFailed',
      {
        when: happened(endedBadly(sealLoop), 'sealings that ended badly'),
        impact:
          'Days of the audit trail stay without their seal, so a change of their records would not show for now.',
        article: 'Sealing failed',
      },
    ],
    [
      'NoSeal',
      {
        when: doesNotCome([retentionMetric(stage, 'seal', 'SealFinished')], {
          period: Duration.hours(1),
          times: expectedEveryHours,
          label: 'hours without a sealing',
        }),
        impact: 'Nothing has sealed the audit trail for longer than a day, and nothing has failed either.',
        article: 'No seal',
      },
    ],
    [
      'SealLate',
      {
        when: happened([retentionMetric(stage, 'seal', 'SealLate')], 'late records'),
        impact:
          'Records were found of days that were sealed without them: a function was very late, a clock is wrong, or somebody adds to the past.',
        article: 'Records came late to their seal',
      },
    ],
    [
      'SealKeyChanged',
      {
        when: happened([retentionMetric(stage, 'seal', 'SealKeyChanged')], 'changes of the key'),
        impact:
          'The audit trail is being sealed with another key than before: whoever verifies it has to know which key is ours.',
        article: 'The key of the seals has changed',
      },
    ],
  ];
}
