import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** What cdk-nag finds, with why it stays. */
const ids = {
  wildcard: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
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
  const element = invoked.node.defaultChild as CfnElement; // of a function it always is one
  const logicalId: unknown = Stack.of(role).resolve(element.logicalId);
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${String(logicalId)}.Arn>:*]`,
    reason: 'Any version of this one function; nothing else is named.',
  });
}
