import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** A queue that nobody reads but a person: it keeps what failed for as long as SQS can. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, { enforceSSL: true, retentionPeriod: Duration.days(14) });
  for (const finding of ['noRedrive', 'noDeadLetterQueue'] as const) {
    acknowledge(queue, finding, 'It is where dead letters end; an alarm tells of the first.');
  }
  return queue;
}
