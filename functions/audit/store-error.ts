import { StoreError } from '#sweep/errors.ts';

/** What was being done when the store failed. */
export interface StoreCall {
  /** The SDK's command, `PutItemCommand`. */
  readonly commandName: string | undefined;
  readonly tableName: string | undefined;
  /** Undefined for the endpoint that AWS gives the region. */
  readonly endpoint: string | undefined;
}

/** One sentence with the remedy for what the SDK threw, which stays as the cause. */
export function toStoreError(error: unknown, call: StoreCall): StoreError {
  const { message, retryable } = describe(error, call);
  return new StoreError(message, { cause: error, retryable });
}

interface Described {
  readonly message: string;
  readonly retryable: boolean;
}

function describe(error: unknown, call: StoreCall): Described {
  const name = error instanceof Error ? error.name : 'unknown error';
  const { tableName = '(unnamed)' } = call;
  const action = `dynamodb:${(call.commandName ?? 'the call').replace(/Command$/, '')}`;

  if (name === 'ResourceNotFoundException') {
    return lasting(
      `${storeOf(call)} has no table ${tableName}; create it, or name the right one and the right region.`,
    );
  }
  if (name === 'AccessDeniedException') {
    return lasting(
      `AWS does not allow ${action} on the table ${tableName}; give this role or user that permission.`,
    );
  }
  if (credentialErrors.has(name)) {
    return lasting(
      `The AWS credentials are missing, wrong or expired (${name}); sign in again, or set AWS_PROFILE or the keys.`,
    );
  }
  if (throttlingErrors.has(name)) {
    return passing(
      `DynamoDB throttles the table ${tableName} (${name}); run again later, or raise its limit.`,
    );
  }
  if (name === 'ValidationException' && /item size/i.test(String(error))) {
    return lasting(
      `An item for the table ${tableName} is larger than the 400 KB that DynamoDB takes; make the policy or its number of rules smaller.`,
    );
  }
  const code = networkCode(error);
  if (code !== undefined) return passing(unreachable(call, code));
  if (httpStatus(error) >= 500) return passing(`${storeOf(call)} failed (${name}); run again later.`);
  return lasting(`${storeOf(call)} refused ${action} on the table ${tableName} (${name}); see the cause.`);
}

const lasting = (message: string): Described => ({ message, retryable: false });
const passing = (message: string): Described => ({ message, retryable: true });

const credentialErrors: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

const throttlingErrors: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
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

/** Without the endpoint's path: the embedded store's path is its key. */
const storeOf = ({ endpoint }: StoreCall): string =>
  endpoint === undefined ? 'DynamoDB in this account and region' : `The store at ${new URL(endpoint).host}`;

function unreachable(call: StoreCall, code: string): string {
  if (call.endpoint === undefined) {
    return `DynamoDB does not answer (${code}); check the network and AWS_REGION, and run again.`;
  }
  const { host, hostname } = new URL(call.endpoint);
  return hostname === '127.0.0.1' || hostname === 'localhost'
    ? `The store on this machine (${host}) has stopped answering (${code}); run again, and it starts anew.`
    : `The store at ${host} does not answer (${code}); check the endpoint and the network, and run again.`;
}
