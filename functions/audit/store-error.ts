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
  const table = call.tableName === undefined ? 'a table' : `the table ${call.tableName}`;
  const action = `dynamodb:${(call.commandName ?? 'the call').replace(/Command$/, '')}`;

  if (name === 'ResourceNotFoundException') {
    return {
      message: `There is no ${table.replace(/^(the|a) /, '')} in ${place(call)}; create it, or name the right one and the right region.`,
      retryable: false,
    };
  }
  if (name === 'AccessDeniedException') {
    return {
      message: `AWS does not allow ${action} on ${table}; give this role or user that permission.`,
      retryable: false,
    };
  }
  if (credentialErrors.has(name)) {
    return {
      message: `The AWS credentials are missing, wrong or expired (${name}); sign in again, or set AWS_PROFILE or the keys.`,
      retryable: false,
    };
  }
  if (throttlingErrors.has(name)) {
    return {
      message: `DynamoDB throttles ${table} (${name}); run again later, or raise its limit.`,
      retryable: true,
    };
  }
  if (name === 'ValidationException' && /item size/i.test(String(error))) {
    return {
      message: `An item for ${table} is larger than the 400 KB that DynamoDB takes; make the policy or its number of rules smaller.`,
      retryable: false,
    };
  }
  const code = networkCode(error);
  if (code !== undefined) return { message: unreachable(call, code), retryable: true };
  if (httpStatus(error) >= 500) {
    return { message: `The store in ${place(call)} failed (${name}); run again later.`, retryable: true };
  }
  return {
    message: `The store in ${place(call)} refused ${action} on ${table} (${name}); see the cause.`,
    retryable: false,
  };
}

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

/** The endpoint without its path: the embedded store's path is its key. */
const place = ({ endpoint }: StoreCall): string =>
  endpoint === undefined ? 'this account and region' : `the store at ${new URL(endpoint).host}`;

function unreachable(call: StoreCall, code: string): string {
  if (call.endpoint === undefined) {
    return `DynamoDB does not answer (${code}); check the network and AWS_REGION, and run again.`;
  }
  const { host, hostname } = new URL(call.endpoint);
  return hostname === '127.0.0.1' || hostname === 'localhost'
    ? `The store on this machine (${host}) has stopped answering (${code}); run again, and it starts anew.`
    : `The store at ${host} does not answer (${code}); check the endpoint and the network, and run again.`;
}
