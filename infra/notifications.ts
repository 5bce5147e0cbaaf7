import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** What people get by mail: summaries, refusals, alarms. None of it holds more of a conversation than a count. */
export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { notificationEmail }: Settings, deadLetters: IQueue) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (notificationEmail !== undefined)
      this.topic.addSubscription(new EmailSubscription(notificationEmail, { deadLetterQueue: deadLetters }));
  }
}
