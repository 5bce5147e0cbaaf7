import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { metricSum } from './metric-sum.ts';

/** When an alarm goes off, and when it is over. */
export interface AlarmCondition {
  /** Its period is the alarm's. */
  readonly metric: IMetric;
  /** A period is a bad one above this. */
  readonly above: number;
  /** The alarm is on while there are so many bad periods … */
  readonly bad: number;
  /** … among so many, the present one included. */
  readonly among: number;
  /** What a period without any value is. */
  readonly silence: 'good' | 'bad';
}

const hour = Duration.hours(1);
/** An hour less than a day, so that what happens at the same time of the next night is told again. */
const eventHours = 23;

/**
 * Something that happened, once: the alarm stays on for 23 hours after the last time, mended or not, so that whoever looks in the
 * morning sees what the night brought. Zeros are filled in, since CloudWatch would look further back for periods with values.
 */
export const happened = (metrics: readonly IMetric[], label: string): AlarmCondition => ({
  metric: metricSum(metrics, hour, label),
  above: 0,
  bad: 1,
  among: eventHours,
  silence: 'good',
});

/** Something that is so now: the alarm is over when it is. By default one bad period is enough, and `bad` of them have to be in a row. */
export const isSo = (
  metric: IMetric,
  { above = 0, bad = 1, among = bad }: Partial<Pick<AlarmCondition, 'above' | 'bad' | 'among'>> = {},
): AlarmCondition => ({ metric, above, bad, among, silence: 'good' });

/** Something that should come and does not, for so many periods in a row: the alarm is over when it comes. */
export const doesNotCome = (
  metrics: readonly IMetric[],
  { period, times, label }: { readonly period: Duration; readonly times: number; readonly label: string },
): AlarmCondition => ({
  metric: new MathExpression({
    expression: 'IF(came > 0, 0, 1)',
    usingMetrics: { came: metricSum(metrics, period, 'came') },
    period,
    label,
  }),
  above: 0,
  bad: times,
  among: times,
  silence: 'bad',
});
