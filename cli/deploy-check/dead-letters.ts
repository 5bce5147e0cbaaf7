import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { askAws } from '../aws-error.ts';
import { type OutputName, outputOf } from '../deployed-stack.ts';
import { countOf } from '../number-text.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';

/** Whether nothing waits where failed work ends. @param article Of docs/operations.md, on what to do. */
export const checkDeadLetters =
  (output: Extract<OutputName, `dead${string}Queue`>, article: string) =>
  async ({ stack, aws }: DeployCheckDeps): Promise<Check> => {
    const QueueUrl = outputOf(stack, output);
    const { Attributes } = await askAws('sqs:GetQueueAttributes', () =>
      aws.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      ),
    );
    const waiting = Number(Attributes?.ApproximateNumberOfMessages ?? Number.NaN);
    if (waiting === 0) return ok('Nothing was given up.');
    const howMany = Number.isNaN(waiting) ? 'an unknown number' : countOf(waiting, 'message');
    return missing(`Given up so far: ${howMany}; see docs/operations.md, "${article}".`);
  };
