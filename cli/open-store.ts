import { createAuditTrail } from '#audit/audit-trail.ts';
import { createTables } from '#audit/create-tables.ts';
import { createDocumentClient, type DocumentClientConfig } from '#audit/document-client.ts';
import { createRunState } from '#audit/run-state.ts';
import type { AuditTrail, Clock, RunState } from '#sweep/ports.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import type { StoreSettings } from './settings.ts';

/** Audit trail and run state, and the way to let go of them. */
export interface Store extends AsyncDisposable {
  readonly audit: AuditTrail;
  readonly state: RunState;
}

/** Any that is well formed: the embedded store asks nobody who they are. */
const embeddedAccess = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** The embedded store of a folder on this machine, or the tables of an AWS account. */
export function openStore(settings: StoreSettings, clock: Clock): Promise<Store> {
  return settings.kind === 'local'
    ? openLocalStore(settings, clock)
    : Promise.resolve(openTables(settings, clock));
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

function openTables(settings: StoreSettings & { readonly kind: 'dynamodb' }, clock: Clock): Store {
  const { endpoint } = settings;
  const { client, audit, state } = connect(endpoint === undefined ? {} : { endpoint }, settings, clock);
  return {
    audit,
    state,
    [Symbol.asyncDispose]() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

function connect(config: DocumentClientConfig, { auditTable, stateTable }: StoreSettings, clock: Clock) {
  const client = createDocumentClient(config);
  return {
    client,
    audit: createAuditTrail(client, auditTable, clock),
    state: createRunState(client, stateTable),
  };
}
