import type { LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda';
import { functionUrlEvent } from './webhook-events.ts';

/** What a function URL hands over for a `GET` that IAM has let in. */
export function auditQueryEvent(query: string, method = 'GET'): LambdaFunctionURLEventWithIAMAuthorizer {
  const event = functionUrlEvent({ method, headers: {}, body: '' });
  return {
    ...event,
    rawQueryString: query,
    requestContext: {
      ...event.requestContext,
      accountId: '123456789012',
      authorizer: {
        iam: {
          accessKey: 'AKIAIOSFODNN7EXAMPLE',
          accountId: '123456789012',
          callerId: 'AIDACKCEVSQ6C2EXAMPLE',
          cognitoIdentity: null,
          principalOrgId: 'o-exampleorgid',
          userArn: 'arn:aws:iam::123456789012:user/auditor',
          userId: 'AIDACKCEVSQ6C2EXAMPLE',
        },
      },
    },
  };
}
