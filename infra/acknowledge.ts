import { type CfnElement, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** What cdk-nag finds, with why it stays. */
const ids = {
  wildcard: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
  noAccessLog: 'AwsSolutions::AwsSolutions-S1',
  noRotation: 'AwsSolutions::AwsSolutions-SMG4',
  noAuthorizer: 'AwsSolutions::AwsSolutions-APIG4',
  noDeadLetters: 'Serverless::Serverless-LambdaDLQ',
  noFailureDestination: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
  noRedrive: 'Serverless::Serverless-SQSRedrivePolicy',
  noDeadLetterQueue: 'AwsSolutions::AwsSolutions-SQS3',
} as const;

/** @param reason Why it is right as it is, for whoever reviews the stack. */
export function acknowledge(construct: IConstruct, finding: keyof typeof ids, reason: string): void {
  Validations.of(construct).acknowledge({ id: ids[finding], reason });
}

/** CDK lets an invoker invoke every version of a function as well. */
export function acknowledgeAllVersions(role: IConstruct, invoked: IFunction): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${logicalIdOf(invoked)}.Arn>:*]`,
    reason: 'Any version of this one function; nothing else is named.',
  });
}

export function acknowledgeEveryObject(role: IConstruct, written: IConstruct): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${logicalIdOf(written)}.Arn>/*]`,
    reason: 'Any object of this one bucket, whose names hold the day; nothing else is named.',
  });
}

function logicalIdOf({ node }: IConstruct): string {
  const element = node.defaultChild as CfnElement; // of what this stack makes it always is one
  return String(element.stack.resolve(element.logicalId));
}
