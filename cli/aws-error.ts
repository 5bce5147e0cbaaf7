import { awsFailure } from '#audit/aws-failure.ts';
import { ConfigurationError, OutsideError } from '#sweep/errors.ts';
import { printable } from './printable.ts';

/**
 * What `call` answers; when it fails, one sentence with the remedy and the SDK's error as its cause.
 * @param action As permissions name it: `cloudformation:DescribeStacks`.
 * @throws OutsideError, or ConfigurationError when no region is set
 */
export async function askAws<Answer>(action: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    throw toAwsError(cause, action);
  }
}

function toAwsError(cause: unknown, action: string): OutsideError | ConfigurationError {
  const failure = awsFailure(cause);
  const { name } = failure;
  const lasting = (message: string) => new OutsideError(message, { cause, retryable: false });
  const passing = (message: string) => new OutsideError(message, { cause, retryable: true });
  switch (failure.kind) {
    case 'no_region':
      return new ConfigurationError(
        'The AWS region is not set, or none that there is; set AWS_REGION, or a region in the profile.',
        { cause },
      );
    case 'credentials':
      return lasting(
        `The AWS credentials are missing, wrong or expired (${name}); sign in again, or set AWS_PROFILE or the keys.`,
      );
    case 'denied':
      return lasting(`AWS does not allow ${action}; give this role or user that permission.`);
    case 'throttled':
      return passing(`AWS throttles ${action} (${name}); run again later.`);
    case 'no_answer':
      return passing(
        `AWS does not answer ${action} (${failure.code}); check the network and AWS_REGION, and run again.`,
      );
    case 'broken':
      return passing(`AWS failed at ${action} (${name}); run again later.`);
    case 'other':
      return lasting(
        `AWS refused ${action} (${name}: ${messageOf(cause)}); check the account and AWS_REGION.`,
      );
  }
}

const messageOf = (cause: unknown): string =>
  printable(cause instanceof Error ? cause.message : String(cause)).replace(/[.\s]+$/, '');
