import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { type EventParts, eventAlarms } from './event-alarms.ts';
import { reconcileAlarms } from './reconcile-alarms.ts';
import { type NamedAlarm, RunbookAlarm, type RunbookAlarmProps } from './runbook-alarm.ts';
import { sealAlarms } from './seal-alarms.ts';
import type { SliceLoop } from './slice-loop.ts';
import { type StoreParts, storeAlarms } from './store-alarms.ts';
import { type SweepParts, sweepAlarms } from './sweep-alarms.ts';

export interface AlarmsProps extends SweepParts, EventParts, StoreParts {
  readonly topic: ITopic;
  readonly reconcileLoop: SliceLoop;
  readonly sealLoop: SliceLoop;
}

/** Where nothing begins by itself, an alarm for silence would never end. */
const canBeOver = ({ when }: RunbookAlarmProps, { settings }: Deployment): boolean =>
  settings.scheduleEnabled || when.silence === 'good';

/** An alarm for each promise that the stack could break without anybody noticing. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, deployment: Deployment, props: AlarmsProps) {
    super(scope, id);
    const wanted: readonly NamedAlarm[] = [
      ...sweepAlarms(deployment, props),
      ...reconcileAlarms(deployment, props),
      ...sealAlarms(deployment, props),
      ...eventAlarms(deployment, props),
      ...storeAlarms(props),
    ];
    const parts = { deployment, topic: props.topic };
    this.all = wanted
      .filter(([, alarm]) => canBeOver(alarm, deployment))
      .map(([name, alarm]) => new RunbookAlarm(this, name, parts, alarm).alarm);
  }
}
