import { Duration } from 'aws-cdk-lib';
import { MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { happened, isSo } from './alarm-condition.ts';
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
/** Of periods of five minutes, since what comes now and then leaves most of them empty. */
const twiceInAnHour = { bad: 2, among: 12 };

/** Whether what comes in from outside is taken in and dealt with: notifications, requests, questions. */
export function eventAlarms({ stage }: Deployment, parts: EventParts): NamedAlarm[] {
  return [
    [
      'WorkerErrors',
      {
        // A request that fails comes back after 18 minutes: four times in an hour, so that one alone is above two.
        when: isSo(
          metricSum(
            [parts.eventWorker.lambda.metricErrors(), retentionMetric(stage, 'delete-on-event', 'EventLeft')],
            Duration.hours(1),
            'errors',
          ),
          { above: 2 },
        ),
        impact:
          'Requests for deletion are not being dealt with; they wait in the queue and end as dead letters.',
        article: 'The event worker fails',
      },
    ],
    [
      'DeadRequests',
      {
        when: isSo(waiting(parts.deadRequests)),
        impact: 'A request for deletion was given up: its conversation stays until somebody looks.',
        article: 'Dead letters',
      },
    ],
    [
      'DeadStarts',
      {
        when: isSo(waiting(parts.deadStarts)),
        impact:
          'A schedule could not begin its work, and that sweep, reconciliation or sealing did not happen; or a mail could not be delivered.',
        article: 'A schedule could not begin',
      },
    ],
    [
      'WebhookErrors',
      {
        when: happened(
          [
            parts.webhook.door.serverErrors,
            parts.webhook.receiver.lambda.metricThrottles(), // Intercom sees those as 429
          ],
          'failed requests',
        ),
        impact: 'Intercom gets errors for its notifications, sends each once more and then drops it.',
        article: 'The webhook fails',
      },
    ],
    [
      'WebhookSlow',
      {
        when: isSo(metricSum([parts.webhook.door.slowest], fiveMinutes, 'milliseconds'), {
          above: 3000,
          ...twiceInAnHour,
        }),
        impact:
          'Intercom gives up after five seconds and sends later to slow endpoints: events come late or never.',
        article: 'The webhook is slow',
      },
    ],
    [
      'WebhookRefused',
      {
        when: isSo(
          metricSum([retentionMetric(stage, 'webhook', 'WebhookRefused')], fiveMinutes, 'refusals'),
          { above: 10, ...twiceInAnHour },
        ),
        impact:
          'Many notifications without a valid signature arrive: somebody forges them, or the client secret is wrong and all are lost.',
        article: 'Signatures are refused',
      },
    ],
    [
      'WebhookAllRefused',
      {
        when: isSo(refusedWithoutException(stage), { above: 4 }),
        impact:
          'Every notification of a day was refused for its signature: the client secret is wrong, and all events are lost.',
        article: 'Every signature is refused',
      },
    ],
    [
      'WebhookUnreadable',
      {
        when: happened([retentionMetric(stage, 'webhook', 'WebhookUnreadable')], 'unreadable notifications'),
        impact:
          'Signed notifications cannot be read: Intercom may have changed their format, and events are lost.',
        article: 'Notifications cannot be read',
      },
    ],
    [
      'NoticeFailed',
      {
        when: happened(
          [
            retentionMetric(stage, 'sweep', 'NoticeFailed'),
            retentionMetric(stage, 'delete-on-event', 'NoticeFailed'),
          ],
          'notices',
        ),
        impact: 'Systems that keep copies of conversations were not told of deletions, and keep theirs.',
        article: 'Notices are not sent',
      },
    ],
    [
      'AuditQueryErrors',
      {
        when: isSo(
          metricSum([parts.auditReader.lambda.metricErrors()], fiveMinutes, 'errors'),
          twiceInAnHour,
        ),
        impact: 'Questions to the audit trail go unanswered.',
        article: 'The audit query fails',
      },
    ],
    [
      'AuditQueryUnsigned',
      {
        when: happened([retentionMetric(stage, 'audit-query', 'AuditQueryUnsigned')], 'unsigned requests'),
        impact:
          'The address of the audit query has lost its IAM check: anybody may knock, and only the function itself still refuses.',
        article: 'The audit query is open to unsigned requests',
      },
    ],
  ];
}

/**
 * Refusals of a day without a single notification that was signed rightly, and 0 otherwise. A day, because a small workspace sends
 * a handful between one night and the next.
 */
function refusedWithoutException(stage: string): MathExpression {
  const period = Duration.days(1);
  const signed = (['WebhookQueued', 'WebhookUnknownTopic', 'WebhookUnreadable'] as const).map((name) =>
    retentionMetric(stage, 'webhook', name),
  );
  return new MathExpression({
    expression: 'IF(signed > 0, 0, FILL(refused, 0))',
    usingMetrics: {
      signed: metricSum(signed, period, 'signed'),
      refused: retentionMetric(stage, 'webhook', 'WebhookRefused'),
    },
    period,
    label: 'refusals without exception',
  });
}

/** Not filled in: the queue tells its count some minutes late, and is not empty meanwhile. */
const waiting = (queue: IQueue): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MAXIMUM });
