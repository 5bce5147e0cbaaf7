import { Duration, RemovalPolicy, Stack, type TimeZone } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  Choice,
  Condition,
  DefinitionBody,
  type IChainable,
  JsonPath,
  LogLevel,
  Pass,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeAllVersions } from './acknowledge.ts';
import { cronSchedule, startPolicy } from './cron-schedule.ts';
import type { Deployment } from './deployment.ts';
import type { RetentionFunction } from './retention-function.ts';
import { sliceTask } from './slice-task.ts';

export interface SliceLoopProps {
  /** Names the work: `Sweep`, `Reconcile`. */
  readonly name: string;
  readonly worker: RetentionFunction;
  /** When it begins, in the time zone of the settings unless another is given. */
  readonly cron: string;
  readonly timeZone?: TimeZone;
  /** What the first slice is told of the execution, beside its name. */
  readonly told?: Readonly<Record<string, unknown>>;
  /** What comes after the last slice, with its answer as input. */
  readonly atTheEnd: IChainable;
  /** Takes starts that failed every time. */
  readonly deadLetters: IQueue;
}

/** Work that is longer than a Lambda function may run: one slice after the other until one says that it was the last. */
export class SliceLoop extends Construct {
  readonly machine: StateMachine;
  readonly schedule: Schedule;

  constructor(scope: Construct, id: string, deployment: Deployment, props: SliceLoopProps) {
    super(scope, id);
    const { name, worker } = props;
    const slice = sliceTask(this, name, worker);
    const isOver = new Choice(this, 'Is it over?', { stateName: 'Is it over?' })
      .when(Condition.booleanEquals('$.done', false), slice)
      .otherwise(props.atTheEnd);
    // The name lets a slice take over from one of the same execution that died, and from no other.
    const begin = new Pass(this, 'Begin', {
      stateName: 'Begin',
      parameters: { ...props.told, execution: JsonPath.stringAt('$$.Execution.Name') },
    });
    this.machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(begin.next(slice).next(isOver)),
      timeout: Duration.hours(24),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          // All groups with this prefix share one line in the account's policy of log deliveries, which has room for few.
          logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}/${name}`,
          retention: deployment.settings.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    acknowledge(
      this.machine.role,
      'wildcard',
      'Delivery of logs and traces of a state machine allows no narrower resource.',
    );
    acknowledgeAllVersions(this.machine.role, worker.lambda);
    this.schedule = cronSchedule(this, 'Schedule', deployment, {
      description: `Begins: ${name}`,
      cron: props.cron,
      timeZone: props.timeZone,
      target: new StepFunctionsStartExecution(this.machine, {
        deadLetterQueue: props.deadLetters,
        retryAttempts: startPolicy.retryAttempts,
        maxEventAge: Duration.hours(startPolicy.maxEventAgeHours),
      }),
    });
  }
}
