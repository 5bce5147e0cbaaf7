import { Duration } from 'aws-cdk-lib';
import { Succeed, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { RetentionFunction } from './retention-function.ts';

/** So much longer than a slice's own time-out waits the state machine before it gives the slice up. */
const graceSeconds = 60;

/**
 * The state that invokes one slice. A slice that failed is repeated, which is always right: it goes on at the checkpoint.
 * What a repetition cannot mend fails at once; work that is already done elsewhere ends the execution in peace.
 */
export function sliceTask(scope: Construct, name: string, worker: RetentionFunction): LambdaInvoke {
  const task = new LambdaInvoke(scope, name, {
    stateName: name,
    lambdaFunction: worker.lambda,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false, // the retries below cover them
    taskTimeout: Timeout.duration(Duration.seconds(worker.timeoutSeconds + graceSeconds)),
  });
  task.addRetry({ errors: ['ConfigurationError'], maxAttempts: 0 });
  // Longer together than the lease of work that died elsewhere.
  task.addRetry({
    errors: ['WorkspaceBusyError'],
    interval: Duration.seconds(45),
    backoffRate: 1,
    maxAttempts: 2,
  });
  task.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(30), backoffRate: 2, maxAttempts: 5 });
  const heldOff = new Succeed(scope, 'Held off', {
    stateName: 'Held off',
    comment: 'Another one is under way in this workspace.',
  });
  task.addCatch(heldOff, { errors: ['WorkspaceBusyError'], resultPath: '$.held_off' });
  return task;
}
