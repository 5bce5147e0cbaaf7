import { describe, expect, it } from 'vitest';
import { toAwsError } from '#handlers/aws-error.ts';

/** As the SDK throws it. */
const answered = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error('from AWS'), { name, $metadata: { httpStatusCode } });

const told = (error: Error) => toAwsError(error, 'kms:Sign', 'the key');

describe('toAwsError', () => {
  it.each([
    ['ThrottlingException', 400],
    ['Throttling', 400],
    ['TooManyRequestsException', 400],
    ['SlowDown', 503],
    ['SlowDown', 400],
    ['UnknownError', 429],
    ['ConditionalRequestConflict', 409],
    ['KMSInternalException', 500],
  ])('is tried again after %s with the status %i', (name, status) => {
    const error = answered(name, status);
    const { message, retryable, cause } = told(error);
    expect(message).toBe(
      `kms:Sign on the key did not work (${name}); it will be tried again with the next invocation.`,
    );
    expect({ retryable, cause }).toEqual({ retryable: true, cause: error });
  });

  it('is tried again when no answer came', () => {
    expect(told(new Error('socket hang up'))).toMatchObject({ retryable: true });
  });

  it.each([
    ['NotFoundException', 400, 'AWS refused kms:Sign on the key (NotFoundException)'],
    ['NoSuchBucket', 404, 'AWS refused kms:Sign on the key (NoSuchBucket)'],
    ['AccessDeniedException', 400, 'AWS does not allow kms:Sign on the key'],
    ['Forbidden', 403, 'AWS does not allow kms:Sign on the key'],
  ])('is final after %s with the status %i', (name, status, sentence) => {
    const { message, retryable } = told(answered(name, status));
    expect(message).toContain(sentence);
    expect(retryable).toBe(false);
  });
});
