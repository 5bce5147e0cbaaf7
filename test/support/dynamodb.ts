import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { createTables, type TableNames } from '#audit/create-tables.ts';
import { createDocumentClient, type DocumentClientConfig } from '#audit/document-client.ts';

export interface TestStore extends AsyncDisposable {
  readonly endpoint: string;
  readonly client: DynamoDBDocumentClient;
  readonly tables: TableNames;
  /** What leads a process to this store, and to its tables. */
  readonly env: Readonly<Record<string, string>>;
  /** Another client of the same store. */
  connect(config?: Omit<DocumentClientConfig, 'endpoint'>): DynamoDBDocumentClient;
}

/** For a store other than dynalite: the whole suite then runs against it. */
const endpointVariable = 'TEST_DYNAMODB_ENDPOINT';

/** A real DynamoDB engine with two fresh tables: dynalite in this process, unless `TEST_DYNAMODB_ENDPOINT` names another. */
export async function startTestStore(): Promise<TestStore> {
  const given = process.env[endpointVariable];
  const server = given === undefined ? await startDynalite() : undefined;
  const endpoint = given ?? server?.endpoint ?? '';
  const connect: TestStore['connect'] = (config) =>
    createDocumentClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...config,
    });
  const client = connect();
  const suffix = randomUUID();
  const tables = { audit: `audit-${suffix}`, state: `state-${suffix}` };
  await createTables(client, tables);
  return {
    endpoint,
    client,
    tables,
    env: {
      AUDIT_TABLE: tables.audit,
      STATE_TABLE: tables.state,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    connect,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server?.stop();
    },
  };
}

async function startDynalite(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
