import { Duration } from 'aws-cdk-lib';
import { doesNotCome, happened } from './alarm-condition.ts';
import type { Deployment } from './deployment.ts';
import { endedBadly } from './executions-ended-badly.ts';
import { retentionMetric } from './retention-metric.ts';
import type { NamedAlarm } from './runbook-alarm.ts';
import type { SliceLoop } from './slice-loop.ts';

/** Whether the audit trail is held against Intercom's own list, and fits. */
export function reconcileAlarms(
  { stage, settings }: Deployment,
  { reconcileLoop }: { readonly reconcileLoop: SliceLoop },
): NamedAlarm[] {
  return [
    [
      'ReconcileFailed',
      {
        when: happened(endedBadly(reconcileLoop), 'reconciliations that ended badly'),
        impact:
          "The audit trail is not being held against Intercom's own list, so a wrong record would stay unnoticed.",
        article: 'A reconciliation failed',
      },
    ],
    [
      'NoReconcile',
      {
        when: doesNotCome([retentionMetric(stage, 'reconcile', 'ReconcileFinished')], {
          period: Duration.hours(1),
          times: settings.sweepExpectedEveryHours,
          label: 'hours without a reconciliation',
        }),
        impact: 'Nobody has compared the audit trail with Intercom for longer than planned.',
        article: 'No reconciliation ended',
      },
    ],
    [
      'ReconcileDrift',
      {
        when: happened(
          [
            retentionMetric(stage, 'reconcile', 'ReconcileFlagMismatch'),
            retentionMetric(stage, 'reconcile', 'ReconcileClaimedButAbsent'),
          ],
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
        when: happened(
          [retentionMetric(stage, 'reconcile', 'ReconcileDeletedElsewhere')],
          'deletions by others',
        ),
        impact:
          'Conversations were deleted by somebody or something else, past policy, holds and audit trail.',
        article: 'Deleted elsewhere',
      },
    ],
  ];
}
