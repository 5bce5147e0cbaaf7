import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

const refusedText = `The gate did not let this sweep delete. Deleted by its run before that: {}.

{}

Run: {}
The plan: retention plan list, then retention plan show PLAN.`;

const countsText =
  'Of {} conversations that it was to delete, {} were deleted, {} were gone already, {} are unresolved, {} failed and {} were kept.';

const finishedText = `A sweep ended ({}). ${countsText}

Run: {}
Each of them: retention audit query --run {}`;

const stoppedText = `A sweep stopped before its end ({}). ${countsText}

Run: {}
What to do is in docs/operations.md, under "A sweep failed".`;

const runId = JsonPath.stringAt('$.run_id');
const stopReason = JsonPath.stringAt('$.stop_reason');
const deleted = JsonPath.stringAt('$.counts.deleted');
const counts = [
  JsonPath.stringAt('$.intended'),
  deleted,
  ...['not_found', 'unresolved', 'failed', 'kept'].map((outcome) => JsonPath.stringAt(`$.counts.${outcome}`)),
];

/** The stop reason that somebody has to look into: the execution then counts as failed. */
const badEnd = 'failures';

/** Tells people by mail how a sweep ended, from the answer of its last slice; then ends the execution accordingly. */
export class TellSweepEnd extends Construct {
  readonly start: IChainable;
  readonly #topic: ITopic;
  readonly #stage: string;

  constructor(scope: Construct, id: string, topic: ITopic, stage: string) {
    super(scope, id);
    this.#topic = topic;
    this.#stage = stage;
    const refused = this.#tell(
      'a sweep was refused',
      JsonPath.format(refusedText, deleted, JsonPath.stringAt('$.refusal_text'), runId),
    );
    const finished = this.#tell(
      'a sweep ended',
      JsonPath.format(finishedText, stopReason, ...counts, runId, runId),
    );
    const stopped = this.#tell(
      'a sweep stopped early',
      JsonPath.format(stoppedText, stopReason, ...counts, runId),
    );
    this.start = new Choice(this, 'How did it end?', { stateName: 'How did it end?' })
      .when(
        Condition.stringEquals('$.stop_reason', 'refused'),
        refused(new Succeed(this, 'Refused', { stateName: 'Refused', comment: 'The gate said no.' })),
      )
      .when(
        Condition.stringEquals('$.stop_reason', badEnd),
        stopped(
          new Fail(this, 'Stopped', {
            stateName: 'Stopped',
            errorPath: '$.stop_reason',
            causePath: '$.run_id',
          }),
        ),
      )
      .otherwise(finished(new Succeed(this, 'Finished', { stateName: 'Finished' })));
  }

  /** A mail that could not be sent changes nothing about the sweep. */
  #tell(what: string, message: string): (end: Succeed | Fail) => IChainable {
    return (end) => {
      const name = `Tell: ${what}`;
      const task = new SnsPublish(this, name, {
        stateName: name,
        topic: this.#topic,
        subject: `Intercom retention (${this.#stage}): ${what}`,
        message: TaskInput.fromText(message),
        resultPath: JsonPath.DISCARD,
      });
      task.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(5), maxAttempts: 3 });
      task.addCatch(end, { resultPath: JsonPath.DISCARD });
      return task.next(end);
    };
  }
}
