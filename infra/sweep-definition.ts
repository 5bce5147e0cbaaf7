import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  type Chain,
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Pass,
  Succeed,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

export interface SweepDefinitionProps {
  readonly stage: string;
  readonly slice: IFunction;
  readonly sliceTimeoutSeconds: number;
  readonly topic: ITopic;
}

/**
 * Slice after slice until one says that it was the last; then tells people. A slice that failed is repeated, which is always
 * right: it goes on at the checkpoint. What a repetition cannot mend fails at once.
 */
export class SweepDefinition extends Construct {
  readonly start: Chain;

  constructor(scope: Construct, id: string, props: SweepDefinitionProps) {
    super(scope, id);
    const slice = this.#slice(props);
    const over = new Choice(this, 'Is it over?', { stateName: 'Is it over?' })
      .when(Condition.booleanEquals('$.done', false), slice)
      .when(Condition.stringEquals('$.stop_reason', 'refused'), this.#tellRefused(props))
      .when(
        Condition.or(
          Condition.stringEquals('$.stop_reason', 'failures'),
          Condition.stringEquals('$.stop_reason', 'intercom_unavailable'),
          Condition.stringEquals('$.stop_reason', 'error'),
        ),
        this.#tellStopped(props),
      )
      .otherwise(this.#tellFinished(props));
    // The name lets a slice take over from one of the same execution that died, and from no other.
    this.start = new Pass(this, 'Begin', {
      stateName: 'Begin',
      parameters: { execution: JsonPath.stringAt('$$.Execution.Name') },
    })
      .next(slice)
      .next(over);
  }

  #slice({ slice, sliceTimeoutSeconds }: SweepDefinitionProps): LambdaInvoke {
    const task = new LambdaInvoke(this, 'Sweep', {
      stateName: 'Sweep',
      lambdaFunction: slice,
      payloadResponseOnly: true,
      retryOnServiceExceptions: false, // the retries below cover them
      taskTimeout: Timeout.duration(Duration.seconds(sliceTimeoutSeconds + 60)),
    });
    task.addRetry({ errors: ['ConfigurationError'], maxAttempts: 0 });
    // Longer together than the lease of a sweep that died elsewhere.
    task.addRetry({
      errors: ['WorkspaceBusyError'],
      interval: Duration.seconds(45),
      backoffRate: 1,
      maxAttempts: 2,
    });
    task.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(30), backoffRate: 2, maxAttempts: 5 });
    task.addCatch(
      new Succeed(this, 'Held off', {
        stateName: 'Held off',
        comment: 'Another sweep of the workspace is under way.',
      }),
      {
        errors: ['WorkspaceBusyError'],
        resultPath: '$.held_off',
      },
    );
    return task;
  }

  #tellFinished(props: SweepDefinitionProps): IChainable {
    const end = new Succeed(this, 'Finished', { stateName: 'Finished' });
    return this.#tell('Tell that it finished', props.topic, end, {
      subject: `Intercom retention (${props.stage}): a sweep ended`,
      message: JsonPath.format(
        'A sweep ended ({}). Of {} conversations that it was to delete, {} were deleted, {} were gone already, {} are unresolved, {} failed and {} were kept.\n\nRun: {}\nThe audit trail has each of them: retention audit query --run {}',
        JsonPath.stringAt('$.stop_reason'),
        JsonPath.stringAt('$.intended'),
        ...countsInWords,
        JsonPath.stringAt('$.run_id'),
        JsonPath.stringAt('$.run_id'),
      ),
    });
  }

  #tellRefused(props: SweepDefinitionProps): IChainable {
    const end = new Succeed(this, 'Refused', {
      stateName: 'Refused',
      comment: 'The gate let nothing pass; nothing was deleted.',
    });
    return this.#tell('Tell that it was refused', props.topic, end, {
      subject: `Intercom retention (${props.stage}): a sweep deleted nothing`,
      message: JsonPath.format(
        'The plan of this sweep was not allowed to be carried out, and nothing was deleted.\n\nWhy: {}\n\nobserve_mode: the policy says to look only. not_approved: somebody must approve the plan (retention plan list, retention approve latest); the next sweep then carries it out. per_run, per_day, share_of_workspace: the plan is larger than the limits of the policy.\n\nRun: {}',
        JsonPath.jsonToString(JsonPath.objectAt('$.refusals')),
        JsonPath.stringAt('$.run_id'),
      ),
    });
  }

  #tellStopped(props: SweepDefinitionProps): IChainable {
    const end = new Fail(this, 'Stopped', {
      stateName: 'Stopped',
      errorPath: '$.stop_reason',
      causePath: JsonPath.format('Run {} stopped before its end.', JsonPath.stringAt('$.run_id')),
    });
    return this.#tell('Tell that it stopped', props.topic, end, {
      subject: `Intercom retention (${props.stage}): a sweep stopped early`,
      message: JsonPath.format(
        'A sweep stopped before its end: {}. Of {} conversations that it was to delete, {} were deleted, {} were gone already, {} are unresolved, {} failed and {} were kept. docs/operations.md says what to do about failed sweeps.\n\nRun: {}',
        JsonPath.stringAt('$.stop_reason'),
        JsonPath.stringAt('$.intended'),
        ...countsInWords,
        JsonPath.stringAt('$.run_id'),
      ),
    });
  }

  /** A mail that could not be sent changes nothing about the sweep. */
  #tell(
    name: string,
    topic: ITopic,
    end: Succeed | Fail,
    { subject, message }: { readonly subject: string; readonly message: string },
  ): IChainable {
    const task = new SnsPublish(this, name, {
      stateName: name,
      topic,
      subject,
      message: TaskInput.fromText(message),
      resultPath: JsonPath.DISCARD,
    });
    task.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(5), maxAttempts: 3 });
    task.addCatch(end, { resultPath: JsonPath.DISCARD });
    return task.next(end);
  }
}

const countsInWords = ['deleted', 'not_found', 'unresolved', 'failed', 'kept'].map((outcome) =>
  JsonPath.stringAt(`$.counts.${outcome}`),
);
