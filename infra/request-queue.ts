import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import { acknowledge } from './acknowledge.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import type { RetentionFunction } from './retention-function.ts';

/** Deliveries of one request before it counts as dead; the last one comes after more than an hour. */
const maxDeliveries = 5;

/** AWS's own advice: below this, a request could be delivered again while it is still being worked on. */
const visibilityInTimeouts = 6;

/** Requests to look at a conversation, from webhooks and events, until the worker has dealt with them. */
export class RequestQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  /** @param workerTimeoutSeconds How long the worker may take for one batch. */
  constructor(scope: Construct, id: string, workerTimeoutSeconds: number) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Requests', {
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(visibilityInTimeouts * workerTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxDeliveries },
    });
  }

  grantSend(sender: RetentionFunction): void {
    sender.setVariable(envNames.requestQueueUrl, this.queue.queueUrl);
    sender.allow(['sqs:SendMessage'], [this.queue.queueArn]);
  }

  /** Hands requests over in small batches, two at a time at most; the worker says which of a batch failed. */
  deliverTo(worker: RetentionFunction): void {
    worker.lambda.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 5, maxConcurrency: 2, reportBatchItemFailures: true }),
    );
    acknowledge(
      worker.lambda,
      'noFailureDestination',
      'The queue itself keeps what failed, in its dead-letter queue.',
    );
  }

  /** Takes events of the account's default bus as they are. @param sources Who may send them; undefined for anybody. */
  takeEvents(detailType: string, sources: readonly string[] | undefined): void {
    const rule = new Rule(this, 'Events', {
      description: `Puts each "${detailType}" on the request queue`,
      eventPattern: { detailType: [detailType], ...(sources === undefined ? {} : { source: [...sources] }) },
    });
    rule.addTarget(new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters }));
  }
}
