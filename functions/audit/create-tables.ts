import {
  CreateTableCommand,
  type CreateTableCommandInput,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { auditTable, stateTable, type TableDefinition } from './table-definitions.ts';

export interface TableNames {
  readonly audit: string;
  readonly state: string;
}

/** Makes both tables where they are missing, for local use; a deployed stack brings its own. */
export async function createTables(client: DynamoDBDocumentClient, names: TableNames): Promise<void> {
  await Promise.all([
    createTable(client, names.audit, auditTable),
    createTable(client, names.state, stateTable),
  ]);
}

async function createTable(
  client: DynamoDBDocumentClient,
  name: string,
  definition: TableDefinition,
): Promise<void> {
  try {
    await client.send(new CreateTableCommand(toCreateTable(name, definition)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { TableName: name });
}

function toCreateTable(name: string, definition: TableDefinition): CreateTableCommandInput {
  const keys = [definition, ...definition.indexes].flatMap((keyed) => [keyed.partitionKey, keyed.sortKey]);
  const indexes = definition.indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: toKeySchema(index),
    Projection: { ProjectionType: 'ALL' as const },
  }));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set(keys)].map((key) => ({ AttributeName: key, AttributeType: 'S' })),
    KeySchema: toKeySchema(definition),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}

const toKeySchema = (keyed: { readonly partitionKey: string; readonly sortKey: string }) => [
  { AttributeName: keyed.partitionKey, KeyType: 'HASH' as const },
  { AttributeName: keyed.sortKey, KeyType: 'RANGE' as const },
];
