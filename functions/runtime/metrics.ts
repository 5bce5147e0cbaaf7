import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { MetricName } from './metric-name.ts';

export interface Metrics {
  /** Adds to what this invocation counts. */
  count(name: MetricName, by?: number): void;
}

export interface InvocationMetrics extends Metrics {
  /** Writes what has been counted since the last time as one line of CloudWatch's embedded metric format. */
  publish(): void;
}

/** Dimensions are service and stage only: each other value of a dimension would be a metric of its own to pay for. */
export function makeMetrics(service: string, stage: string): InvocationMetrics {
  const metrics = new PowertoolsMetrics({
    namespace: 'IntercomRetention',
    serviceName: service,
    defaultDimensions: { stage },
  });
  return {
    count: (name, by = 1) => {
      metrics.addMetric(name, 'Count', by);
    },
    publish: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
