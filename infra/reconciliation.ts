import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import type { Deployment } from './deployment.ts';
import { RetentionFunction } from './retention-function.ts';
import { SliceLoop } from './slice-loop.ts';
import type { WorkspaceStores } from './workspace-stores.ts';

/** A slice ends a minute before this. */
const timeoutSeconds = 660;

/** Holds the audit trail against Intercom's own list of deleted conversations, on a schedule of its own. */
export class Reconciliation extends Construct {
  readonly worker: RetentionFunction;
  readonly loop: SliceLoop;

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    { stores, deadLetters }: { readonly stores: WorkspaceStores; readonly deadLetters: IQueue },
  ) {
    super(scope, id);
    const { settings } = deployment;
    this.worker = new RetentionFunction(this, 'Slice', deployment, {
      handler: 'reconcile',
      description:
        "One slice of a comparison of the audit trail with Intercom's list of deleted conversations",
      memoryMb: 512,
      timeoutSeconds,
      onFailure: 'The state machine repeats the slice, and fails with an alarm in the end.',
      needs: 'intercom',
    });
    const { reconcileGrace } = settings;
    if (reconcileGrace !== undefined) this.worker.setVariable(envNames.reconcileGrace, reconcileGrace);
    stores.grantRecording(this.worker);
    stores.state.grantClear(this.worker);
    this.loop = new SliceLoop(this, 'Loop', deployment, {
      name: 'Reconcile',
      worker: this.worker,
      cron: settings.reconcileSchedule,
      atTheEnd: new Succeed(this, 'Reconciled', { stateName: 'Reconciled' }),
      deadLetters,
    });
  }
}
