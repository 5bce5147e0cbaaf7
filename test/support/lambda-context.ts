import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** What Lambda tells a function of its invocation; by default with a minute to go. */
export function lambdaContext(options: { readonly remainingMs?: number } = {}): Context {
  const endsAt = performance.now() + (options.remainingMs ?? 60_000);
  return {
    awsRequestId: randomUUID(),
    functionName: 'webhook',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:webhook',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/webhook',
    logStreamName: '2026/06/15/[$LATEST]0',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => endsAt - performance.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
