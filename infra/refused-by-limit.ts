import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { RetentionFunction } from './retention-function.ts';

/** Refusals for want of approval or in observe mode are no alarm, so this is read from the log, which names the code. */
export function refusedByLimit(
  scope: Construct,
  stage: string,
  { sweep, eventWorker }: { readonly sweep: RetentionFunction; readonly eventWorker: RetentionFunction },
): Metric {
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
    period: Duration.minutes(5),
  });
}
