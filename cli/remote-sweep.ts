import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { SweepTrigger } from '#sweep/outcome.ts';
import type { Clock } from '#sweep/ports.ts';
import { askAws } from './aws-error.ts';
import { type ExecutionEnd, executionEnd } from './execution-end.ts';

/** One execution of the sweep's state machine. */
export interface RemoteSweep {
  readonly arn: string;
  readonly name: string;
  /** It was under way before we came. */
  readonly isJoined: boolean;
}

export interface StartDeps {
  readonly sfn: SFNClient;
  readonly newId: () => string;
}

/** By which its run is recorded as somebody's, and not as the schedule's. */
const startedByHand = JSON.stringify({ trigger: 'manual' satisfies SweepTrigger });

/** Joins the execution under way, or starts one. @throws OutsideError */
export async function startOrJoin({ sfn, newId }: StartDeps, stateMachineArn: string): Promise<RemoteSweep> {
  const running = await askAws('states:ListExecutions', () =>
    sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' })),
  );
  // The newest come first; the oldest has the workspace, and the others wait for it.
  const { executionArn, name } = running.executions?.at(-1) ?? {};
  if (executionArn !== undefined && name !== undefined) return { arn: executionArn, name, isJoined: true };

  const newName = `by-hand-${newId()}`; // under the same name a repeated call starts nothing twice
  const started = await askAws('states:StartExecution', () =>
    sfn.send(new StartExecutionCommand({ stateMachineArn, name: newName, input: startedByHand })),
  );
  const { executionArn: arn = '' } = started; // AWS always gives one
  return { arn, name: newName, isJoined: false };
}

export interface FollowDeps {
  readonly sfn: SFNClient;
  readonly clock: Clock;
  readonly pollMs: number;
  /** Ends the watching; the execution goes on. */
  readonly stop: AbortSignal;
  /** Called at every look while it goes on. */
  readonly look: () => Promise<void>;
}

/** Watches an execution until it ends; undefined when the watching was ended first. @throws OutsideError */
export async function followSweep(
  { sfn, clock, pollMs, stop, look }: FollowDeps,
  executionArn: string,
): Promise<ExecutionEnd | undefined> {
  while (!stop.aborted) {
    const end = executionEnd(
      await askAws('states:DescribeExecution', () =>
        sfn.send(new DescribeExecutionCommand({ executionArn })),
      ),
    );
    if (end !== undefined) return end;
    await look();
    await clock.sleep(pollMs, stop);
  }
  return undefined;
}
