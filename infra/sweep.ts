import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeAllVersions } from './acknowledge.ts';
import { cronSchedule, startPolicy } from './cron-schedule.ts';
import type { Deployment } from './deployment.ts';
import { RetentionFunction } from './retention-function.ts';
import { SweepDefinition } from './sweep-definition.ts';
import type { WorkspaceStores } from './workspace-stores.ts';

/** The scheduled sweep: a state machine that invokes one function slice by slice. */
export class Sweep extends Construct {
  readonly worker: RetentionFunction;
  readonly machine: StateMachine;
  readonly schedule: Schedule;

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
      timeoutSeconds: settings.sweepTimeoutSeconds,
      onFailure: 'The state machine repeats the slice, and fails with an alarm in the end.',
      needs: 'intercom',
    });
    parts.stores.grantSweeping(this.worker);
    const definition = new SweepDefinition(this, 'Definition', {
      stage,
      slice: this.worker.lambda,
      sliceTimeoutSeconds: settings.sweepTimeoutSeconds,
      topic: parts.topic,
    });
    this.machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(definition.start),
      timeout: Duration.hours(24),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          retention: settings.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    acknowledge(
      this.machine.role,
      'wildcard',
      'Delivery of logs and traces of a state machine allows no narrower resource.',
    );
    acknowledgeAllVersions(this.machine.role, this.worker.lambda);
    this.schedule = cronSchedule(this, 'Schedule', deployment, {
      description: 'Begins the sweep',
      cron: settings.sweepSchedule,
      target: new StepFunctionsStartExecution(this.machine, {
        deadLetterQueue: parts.deadLetters,
        retryAttempts: startPolicy.retryAttempts,
        maxEventAge: Duration.hours(startPolicy.maxEventAgeHours),
      }),
    });
  }
}
