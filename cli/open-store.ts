import { createAuditTrail } from '#audit/audit-trail.ts';
import { createTables } from '#audit/create-tables.ts';
import { createDocumentClient, type DocumentClientConfig } from '#audit/document-client.ts';
import { createRunState } from '#audit/run-state.ts';
import { createSealStore } from '#audit/seal-store.ts';
import { createWholeTable } from '#audit/whole-table.ts';
import type { WorkspaceId } from '#policy/ids.ts';
import type { SealStore } from '#seal/seal-store.ts';
import type { WholeTable } from '#seal/standing-item.ts';
import type { AuditTrail, Clock, RunState } from '#sweep/ports.ts';
import { awsClientSettings } from './aws-client-settings.ts';
import type { StackTables } from './deployed-stack.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import type { StoreSettings } from './settings.ts';

/** Audit trail and run state, and the way to let go of them. */
export interface Store extends AsyncDisposable {
  readonly audit: AuditTrail;
  readonly state: RunState;
  readonly seals: SealStore;
  readonly wholeTable: WholeTable;
  /** The only one that it is for; undefined when it is for any. */
  readonly workspaceId: WorkspaceId | undefined;
}

/** Any that is well formed: the embedded store asks nobody who they are. */
const embeddedAccess = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** The embedded store of a folder on this machine, or the tables of an AWS account. @throws CliError for a stack that is of no use */
export async function openStore(settings: StoreSettings, clock: Clock): Promise<Store> {
  switch (settings.kind) {
    case 'local':
      return openLocalStore(settings, clock);
    case 'dynamodb':
      return openTables(settings, clock);
    case 'stack':
      return openTables({ ...settings, ...(await tablesOf(settings.stack)) }, clock);
  }
}

async function tablesOf(stack: string): Promise<StackTables> {
  // Loaded here, since most commands have no use for it.
  const [{ CloudFormationClient }, { requireStack, tablesIn }] = await Promise.all([
    import('@aws-sdk/client-cloudformation'),
    import('./deployed-stack.ts'),
  ]);
  const client = new CloudFormationClient(awsClientSettings);
  try {
    return tablesIn(await requireStack(client, stack));
  } finally {
    client.destroy();
  }
}

async function openLocalStore(
  settings: StoreSettings & { readonly kind: 'local' },
  clock: Clock,
): Promise<Store> {
  const embedded = await openEmbeddedStore(settings.dataDir);
  try {
    const store = connect({ endpoint: embedded.endpoint, ...embeddedAccess }, settings, clock);
    await createTables(store.client, { audit: settings.auditTable, state: settings.stateTable });
    return {
      audit: store.audit,
      state: store.state,
      seals: store.seals,
      wholeTable: store.wholeTable,
      workspaceId: undefined,
      async [Symbol.asyncDispose]() {
        store.client.destroy();
        await embedded.close();
      },
    };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}

interface Tables {
  readonly auditTable: string;
  readonly stateTable: string;
}

interface OpenedTables extends Tables {
  readonly endpoint: string | undefined;
  readonly workspaceId?: WorkspaceId;
}

function openTables({ endpoint, workspaceId, ...tables }: OpenedTables, clock: Clock): Store {
  const { client, ...opened } = connect(endpoint === undefined ? {} : { endpoint }, tables, clock);
  return {
    ...opened,
    workspaceId,
    [Symbol.asyncDispose]() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

function connect(config: DocumentClientConfig, { auditTable, stateTable }: Tables, clock: Clock) {
  const client = createDocumentClient(config);
  return {
    client,
    audit: createAuditTrail(client, auditTable, clock),
    state: createRunState(client, stateTable),
    seals: createSealStore(client, auditTable, clock),
    wholeTable: createWholeTable(client, auditTable),
  };
}
