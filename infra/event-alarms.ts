import { Duration } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Deployment } from './deployment.ts';
import { metricSum } from './metric-sum.ts';
import type { RetentionFunction } from './retention-function.ts';
import { retentionMetric } from './retention-metric.ts';
import type { NamedAlarm } from './runbook-alarm.ts';
import type { WebhookEndpoint } from './webhook-endpoint.ts';

export interface EventParts {
  readonly eventWorker: RetentionFunction;
  readonly webhook: WebhookEndpoint;
  readonly auditReader: RetentionFunction;
  readonly deadRequests: IQueue;
  readonly deadStarts: IQueue;
}

const fiveMinutes = Duration.minutes(5);

/** Whether what comes in from outside is taken in and dealt with: notifications, requests, questions. */
export function eventAlarms({ stage }: Deployment, parts: EventParts): NamedAlarm[] {
  return [
    [
      'WorkerErrors',
      {
        metric: metricSum(
          [
            parts.eventWorker.lambda.metricErrors({ period: fiveMinutes }),
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
        metric: waiting(parts.deadRequests),
        impact: 'A request for deletion was given up: its conversation stays until somebody looks.',
        article: 'Dead letters',
      },
    ],
    [
      'DeadStarts',
      {
        metric: waiting(parts.deadStarts),
        impact:
          'A schedule could not begin its work, and that sweep, reconciliation or sealing did not happen; or a mail could not be delivered.',
        article: 'A schedule could not begin',
      },
    ],
    [
      'WebhookErrors',
      {
        metric: metricSum(
          [
            parts.webhook.door.serverErrors,
            parts.webhook.receiver.lambda.metricThrottles({ period: fiveMinutes }), // Intercom sees those as 429
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
        metric: parts.webhook.door.slowest,
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
        metric: metricSum(
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
        metric: parts.auditReader.lambda.metricErrors({ period: fiveMinutes }),
        periods: 2,
        impact: 'Questions to the audit trail go unanswered.',
        article: 'The audit query fails',
      },
    ],
    [
      'AuditQueryUnsigned',
      {
        metric: retentionMetric(stage, 'audit-query', 'AuditQueryUnsigned'),
        impact:
          'The address of the audit query has lost its IAM check: anybody may knock, and only the function itself still refuses.',
        article: 'The audit query is open to unsigned requests',
      },
    ],
  ];
}

const waiting = (queue: IQueue): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MAXIMUM });
