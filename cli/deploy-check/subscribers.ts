import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { askAws } from '../aws-error.ts';
import { outputOf } from '../deployed-stack.ts';
import { countOf } from '../number-text.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';

/** Whether anybody hears of alarms and summaries: a subscription counts once its owner has confirmed it. */
export async function checkSubscribers({ stack, aws }: DeployCheckDeps): Promise<Check> {
  const arns = await subscriptionArns(aws.sns, outputOf(stack, 'notificationsTopic'));
  const confirmed = arns.filter((arn) => arn.startsWith('arn:')).length;
  const waiting = arns.filter((arn) => arn === 'PendingConfirmation').length;
  if (confirmed > 0) {
    const others = waiting === 0 ? '' : `; ${countOf(waiting, 'other')} did not confirm yet`;
    return ok(`${countOf(confirmed, 'subscriber')} of alarms and summaries confirmed${others}.`);
  }
  return missing(
    waiting > 0
      ? `Nobody hears of alarms: ${countOf(waiting, 'subscription')} waits to be confirmed; follow the link in the mail of AWS, or set notificationEmail to an address that is read.`
      : 'Nobody hears of alarms; set notificationEmail and deploy, or subscribe to the topic by hand.',
  );
}

/** Addresses are not looked at, since they are of people. */
async function subscriptionArns(sns: SNSClient, TopicArn: string): Promise<readonly string[]> {
  const arns: string[] = [];
  let next: string | undefined;
  do {
    const NextToken = next;
    const page = await askAws('sns:ListSubscriptionsByTopic', () =>
      sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn, ...(NextToken === undefined ? {} : { NextToken }) }),
      ),
    );
    arns.push(...(page.Subscriptions ?? []).map(({ SubscriptionArn = '' }) => SubscriptionArn));
    next = page.NextToken;
  } while (next !== undefined && next !== '');
  return arns;
}
