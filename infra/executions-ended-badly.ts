import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { SliceLoop } from './slice-loop.ts';

/** Executions of a loop that failed, took too long or were aborted. */
export const endedBadly = ({ machine }: SliceLoop): readonly IMetric[] => [
  machine.metricFailed(),
  machine.metricTimedOut(),
  machine.metricAborted(),
];
