/** What kind of thing went wrong with a call of the AWS SDK. `name` is the SDK's; `code` says how the answer stayed away. */
export type AwsFailure =
  | { readonly kind: 'credentials' | 'denied' | 'throttled' | 'broken' | 'other'; readonly name: string }
  | { readonly kind: 'no_region'; readonly name: string }
  | { readonly kind: 'no_answer'; readonly name: string; readonly code: string };

/** Tells what the SDK threw by the names that AWS documents. Its protocols have several for the same thing. */
export function awsFailure(error: unknown): AwsFailure {
  const name = error instanceof Error ? error.name : 'unknown error';
  if (deniedErrors.has(name)) return { kind: 'denied', name };
  if (credentialErrors.has(name)) return { kind: 'credentials', name };
  if (throttlingErrors.has(name)) return { kind: 'throttled', name };
  if (error instanceof Error && /^Region (is missing|not accepted)/.test(error.message))
    return { kind: 'no_region', name };
  const code = networkCode(error);
  if (code !== undefined) return { kind: 'no_answer', name, code };
  return { kind: httpStatus(error) >= 500 ? 'broken' : 'other', name };
}

const deniedErrors: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
]);

const credentialErrors: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

const throttlingErrors: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
]);

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** The code of an error that says that no answer came; undefined for any other. */
function networkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError' || error.name === 'RequestTimeout') return error.name;
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return error.code;
  if (error instanceof AggregateError)
    return error.errors.map(networkCode).find((code) => code !== undefined);
  return undefined;
}

function httpStatus(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return 0;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}
