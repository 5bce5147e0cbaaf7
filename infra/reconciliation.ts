import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledgeAllVersions } from './acknowledge.ts';
import { cronSchedule, startPolicy } from './cron-schedule.ts';
import type { Deployment } from './deployment.ts';
import { RetentionFunction } from './retention-function.ts';
import type { WorkspaceStores } from './workspace-stores.ts';

/** Holds the audit trail against Intercom's own list of deleted conversations, on a schedule of its own. */
export class Reconciliation extends Construct {
  readonly worker: RetentionFunction;
  readonly schedule: Schedule;

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    { stores, deadLetters }: { readonly stores: WorkspaceStores; readonly deadLetters: IQueue },
  ) {
    super(scope, id);
    this.worker = new RetentionFunction(this, 'Worker', deployment, {
      handler: 'reconcile',
      description: "Compares the audit trail with Intercom's list of deleted conversations",
      memoryMb: 512,
      timeoutSeconds: 900,
      failedEvents: deadLetters,
      onFailure: 'Failed events go to the failure destination.',
      needs: 'intercom',
    });
    stores.grantSweeping(this.worker);
    const role = new Role(this, 'SchedulerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    acknowledgeAllVersions(role, this.worker.lambda);
    this.schedule = cronSchedule(this, 'Schedule', deployment, {
      description: 'Begins the reconciliation',
      cron: deployment.settings.reconcileSchedule,
      target: new LambdaInvoke(this.worker.lambda, {
        role,
        deadLetterQueue: deadLetters,
        retryAttempts: startPolicy.retryAttempts,
        maxEventAge: Duration.hours(startPolicy.maxEventAgeHours),
      }),
    });
  }
}
