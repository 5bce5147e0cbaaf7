import { GetScheduleCommand, ResourceNotFoundException } from '@aws-sdk/client-scheduler';
import { askAws } from '../aws-error.ts';
import { type OutputName, outputOf } from '../deployed-stack.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { gone } from './gone.ts';

/** Whether one of the stack's schedules is switched on; tells when it begins its work, and in which time zone. */
export const checkSchedule =
  (output: Extract<OutputName, `${string}Schedule`>) =>
  async ({ stack, aws }: DeployCheckDeps): Promise<Check> => {
    const name = outputOf(stack, output);
    const schedule = await askAws('scheduler:GetSchedule', async () => {
      try {
        return await aws.scheduler.send(new GetScheduleCommand({ Name: name }));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    });
    if (schedule === undefined) return gone(`There is no schedule ${name} any more`);
    const { State, ScheduleExpression = '?', ScheduleExpressionTimezone = 'UTC' } = schedule;
    const when = `${ScheduleExpression} in ${ScheduleExpressionTimezone}`;
    return State === 'ENABLED'
      ? ok(`It begins by ${when}.`)
      : missing(
          `It is switched off, and would begin by ${when}; set scheduleEnabled to true and deploy, or enable ${name}.`,
        );
  };
