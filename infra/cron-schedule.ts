import { TimeZone } from 'aws-cdk-lib';
import { type IScheduleTarget, Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

/** Begins something at fixed times, of the zone that the settings name unless another is given. */
export const cronSchedule = (
  scope: Construct,
  id: string,
  { settings }: Deployment,
  {
    cron,
    target,
    description,
    timeZone = TimeZone.of(settings.timeZone),
  }: {
    readonly cron: string;
    readonly target: IScheduleTarget;
    readonly description: string;
    readonly timeZone?: TimeZone | undefined;
  },
): Schedule =>
  new Schedule(scope, id, {
    description,
    schedule: ScheduleExpression.expression(`cron(${cron})`, timeZone),
    enabled: settings.scheduleEnabled,
    target,
  });

/** How often EventBridge Scheduler tries to begin something, and how long after its time it is still worth beginning. */
export const startPolicy = { retryAttempts: 5, maxEventAgeHours: 2 } as const;
