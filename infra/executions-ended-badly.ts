import { Duration } from 'aws-cdk-lib';
import type { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { metricSum } from './metric-sum.ts';
import type { SliceLoop } from './slice-loop.ts';

const fiveMinutes = Duration.minutes(5);

/** Executions of a loop that failed, took too long or were aborted. */
export const endedBadly = ({ machine }: SliceLoop): MathExpression =>
  metricSum(
    [
      machine.metricFailed({ period: fiveMinutes }),
      machine.metricTimedOut({ period: fiveMinutes }),
      machine.metricAborted({ period: fiveMinutes }),
    ],
    fiveMinutes,
    'executions that ended badly',
  );
