import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

export interface RunbookAlarmProps {
  readonly metric: IMetric;
  /** The alarm goes off above this. By default 0: at the first occurrence. */
  readonly above?: number;
  /** So many periods in a row. */
  readonly periods?: number;
  /** `alarm` where silence itself is the trouble. */
  readonly silence?: 'fine' | 'alarm';
  /** One sentence: what it means for the company while it lasts. */
  readonly impact: string;
  /** Heading of its article in docs/operations.md. */
  readonly article: string;
}

/** An alarm with the id of its construct. */
export type NamedAlarm = readonly [id: string, props: RunbookAlarmProps];

/** GitHub's anchor of a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** An alarm that says what is at stake and where to read on, to people, when it begins and when it is over. */
export class RunbookAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(
    scope: Construct,
    id: string,
    { deployment, topic }: { readonly deployment: Deployment; readonly topic: ITopic },
    { metric, above = 0, periods = 1, silence = 'fine', impact, article }: RunbookAlarmProps,
  ) {
    super(scope, id);
    this.alarm = new Alarm(this, 'Alarm', {
      alarmName: `intercom-retention-${deployment.stage}-${anchorOf(article)}`,
      alarmDescription: `${impact} What to do: ${deployment.settings.runbookUrl}#${anchorOf(article)}`,
      metric,
      threshold: above,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: silence === 'alarm' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    const tell = new SnsAction(topic);
    this.alarm.addAlarmAction(tell);
    this.alarm.addOkAction(tell);
  }
}
