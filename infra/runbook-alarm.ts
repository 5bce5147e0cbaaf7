import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmCondition } from './alarm-condition.ts';
import type { Deployment } from './deployment.ts';

export interface RunbookAlarmProps {
  readonly when: AlarmCondition;
  /** One sentence: what it means for the company. */
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
    { when, impact, article }: RunbookAlarmProps,
  ) {
    super(scope, id);
    this.alarm = new Alarm(this, 'Alarm', {
      alarmName: `intercom-retention-${deployment.stage}-${anchorOf(article)}`,
      alarmDescription: `${impact} What to do: ${deployment.settings.runbookUrl}#${anchorOf(article)}`,
      metric: when.metric,
      threshold: when.above,
      datapointsToAlarm: when.bad,
      evaluationPeriods: when.among,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: when.silence === 'bad' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    const tell = new SnsAction(topic);
    this.alarm.addAlarmAction(tell);
    this.alarm.addOkAction(tell);
  }
}
