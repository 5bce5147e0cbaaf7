import { StoreError } from '#sweep/errors.ts';
import { awsFailure } from './aws-failure.ts';

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
  const failure = awsFailure(error);
  const { name } = failure;
  const { tableName = '(unnamed)' } = call;
  const action = `dynamodb:${(call.commandName ?? 'the call').replace(/Command$/, '')}`;

  if (name === 'ResourceNotFoundException') {
    return lasting(
      `${storeOf(call)} has no table ${tableName}; create it, or name the right one and the right region.`,
    );
  }
  if (name === 'ValidationException' && /item size/i.test(String(error))) {
    return lasting(
      `An item for the table ${tableName} is larger than the 400 KB that DynamoDB takes; make the policy or its number of rules smaller.`,
    );
  }
  switch (failure.kind) {
    case 'denied':
      return lasting(
        `AWS does not allow ${action} on the table ${tableName}; give this role or user that permission.`,
      );
    case 'credentials':
      return lasting(
        `The AWS credentials are missing, wrong or expired (${name}); sign in again, or set AWS_PROFILE or the keys.`,
      );
    case 'no_region':
      return lasting(
        'The AWS region is not set, or none that there is; set AWS_REGION, or a region in the profile.',
      );
    case 'throttled':
      return passing(
        `DynamoDB throttles the table ${tableName} (${name}); run again later, or raise its limit.`,
      );
    case 'no_answer':
      return passing(unreachable(call, failure.code));
    case 'broken':
      return passing(`${storeOf(call)} failed (${name}); run again later.`);
    case 'other':
      return lasting(
        `${storeOf(call)} refused ${action} on the table ${tableName} (${name}); see the cause.`,
      );
  }
}

const lasting = (message: string): Described => ({ message, retryable: false });
const passing = (message: string): Described => ({ message, retryable: true });

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
