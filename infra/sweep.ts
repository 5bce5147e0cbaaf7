import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { RetentionFunction } from './retention-function.ts';
import { SliceLoop } from './slice-loop.ts';
import { TellSweepEnd } from './tell-sweep-end.ts';
import type { WorkspaceStores } from './workspace-stores.ts';

/** The scheduled sweep. */
export class Sweep extends Construct {
  readonly worker: RetentionFunction;
  readonly loop: SliceLoop;

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    parts: { readonly stores: WorkspaceStores; readonly topic: ITopic; readonly deadLetters: IQueue },
  ) {
    super(scope, id);
    const { settings, stage } = deployment;
    this.worker = new RetentionFunction(this, 'Slice', deployment, {
      handler: 'sweep',
      description: 'One slice of a sweep: settles, plans, asks the gate, deletes',
      memoryMb: settings.sweepMemoryMb,
      timeoutSeconds: settings.sliceTimeoutSeconds,
      onFailure: 'The state machine repeats the slice, and fails with an alarm in the end.',
      needs: 'intercom',
    });
    parts.stores.grantDeleting(this.worker);
    this.loop = new SliceLoop(this, 'Loop', deployment, {
      name: 'Sweep',
      worker: this.worker,
      cron: settings.sweepSchedule,
      told: { input: JsonPath.objectAt('$$.Execution.Input') }, // which says when a person started it
      atTheEnd: new TellSweepEnd(this, 'End', parts.topic, stage).start,
      deadLetters: parts.deadLetters,
    });
  }
}
