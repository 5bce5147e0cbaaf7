import {
  ConditionalCheckFailedException,
  type ConsumedCapacity,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { toStoreError } from './store-error.ts';

export interface DocumentClientConfig {
  /** Only for a store that is not AWS's own. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How often a call is tried altogether; 4 unless given. */
  readonly maxAttempts?: number;
  /** How long one attempt may take once it is connected; 10 s unless given. */
  readonly requestTimeoutMs?: number;
  /** Asks DynamoDB for the capacity that each successful call used, and tells it. */
  readonly onConsumedCapacity?: (capacity: ConsumedCapacity) => void;
}

const connectionTimeoutMs = 3_000;
const maxSockets = 64;

/**
 * A client whose every failure is a `StoreError` with one sentence and the SDK's error as its cause, except the two that
 * are answers rather than failures: a condition that did not hold, and a table that is there already.
 */
export function createDocumentClient(config: DocumentClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient(toClientConfig(config));
  addErrorTranslation(client, config.endpoint);
  if (config.onConsumedCapacity !== undefined) addCapacityReport(client, config.onConsumedCapacity);
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: numberOrText },
  });
}

/** This tool writes no number that JavaScript cannot hold. One stays text, to be found in its item: the SDK would refuse the whole page. */
function numberOrText(text: string): number | string {
  const number = Number(text);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text;
}

const toClientConfig = (config: DocumentClientConfig): DynamoDBClientConfig => ({
  ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
  ...(config.region === undefined ? {} : { region: config.region }),
  ...(config.credentials === undefined ? {} : { credentials: config.credentials }),
  maxAttempts: config.maxAttempts ?? 4,
  requestHandler: {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: config.requestTimeoutMs ?? 10_000,
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets },
    httpsAgent: { keepAlive: true, maxSockets },
  },
});

function addErrorTranslation(client: DynamoDBClient, endpoint: string | undefined): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) throw error;
          if (error instanceof ResourceInUseException) throw error;
          throw toStoreError(error, { commandName, tableName: tableNameOf(args.input), endpoint });
        }
      },
    { step: 'initialize', priority: 'high', name: 'toStoreError' },
  );
}

function tableNameOf(input: object): string | undefined {
  if ('TableName' in input && typeof input.TableName === 'string') return input.TableName;
  if ('RequestItems' in input && typeof input.RequestItems === 'object' && input.RequestItems !== null) {
    return Object.keys(input.RequestItems)[0];
  }
  return undefined;
}

function addCapacityReport(client: DynamoDBClient, tell: (capacity: ConsumedCapacity) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
      if ('ConsumedCapacity' in result.output && result.output.ConsumedCapacity !== undefined) {
        for (const capacity of [result.output.ConsumedCapacity].flat()) {
          if ('CapacityUnits' in capacity) tell(capacity);
        }
      }
      return result;
    },
    { step: 'initialize', priority: 'low', name: 'reportConsumedCapacity' },
  );
}
