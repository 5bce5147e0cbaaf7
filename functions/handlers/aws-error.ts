import { awsFailure } from '#audit/aws-failure.ts';
import { OutsideError } from '#sweep/errors.ts';

/** One sentence for what the SDK threw, which stays as the cause. @param action `kms:Sign` @param place What it was done to. */
export function toAwsError(error: unknown, action: string, place: string): OutsideError {
  const name = error instanceof Error ? error.name : 'unknown error';
  const status = httpStatusOf(error);
  if (name === 'AccessDeniedException' || name === 'AccessDenied' || status === 403) {
    return new OutsideError(
      `AWS does not allow ${action} on ${place}; give the function's role that permission.`,
      { cause: error, retryable: false },
    );
  }
  const isRefusal = status !== undefined && status >= 400 && status < 500;
  const isLasting = isRefusal && status !== 409 && !isThrottling(error, name, status);
  return new OutsideError(
    isLasting
      ? `AWS refused ${action} on ${place} (${name}); see the cause, and whether it is there.`
      : `${action} on ${place} did not work (${name}); it will be tried again with the next invocation.`,
    { cause: error, retryable: !isLasting },
  );
}

/** KMS asks for patience with the status 400, as for what is wrong with a request; only the name tells them apart. */
const isThrottling = (error: unknown, name: string, status: number): boolean =>
  status === 429 ||
  name === 'SlowDown' ||
  name === 'TooManyRequestsException' ||
  awsFailure(error).kind === 'throttled';

/** Undefined when no answer came. */
export function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
