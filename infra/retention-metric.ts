import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '#runtime/metric-name.ts';

/** What names itself as the service of a metric: each handler's own word. */
export type MetricService = 'sweep' | 'webhook' | 'reconcile' | 'delete-on-event' | 'audit-query' | 'seal';

/** A metric that the functions of this stage send, as a sum. */
export const retentionMetric = (
  stage: string,
  service: MetricService,
  metricName: MetricName,
  period: Duration = Duration.minutes(5),
): Metric =>
  new Metric({
    namespace: 'IntercomRetention',
    metricName,
    dimensionsMap: { service, stage },
    statistic: Stats.SUM,
    period,
    label: metricName,
  });
