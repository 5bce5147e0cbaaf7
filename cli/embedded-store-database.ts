import type { Server } from 'node:http';
import dynalite from 'dynalite';
import dynaliteDatabase from 'dynalite/db/index.js';

type Store = ReturnType<typeof dynaliteDatabase.create>;

export interface EmbeddedDatabase {
  /** Speaks DynamoDB's API once it listens. */
  readonly server: Server;
  /** @throws Error when the database cannot be opened; its cause has the code `LEVEL_LOCKED` when another process has it. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Dynalite on a folder, with one fault mended: what is written there is there as a whole or not at all. */
export function createEmbeddedDatabase(path: string): EmbeddedDatabase {
  dynaliteDatabase.updateIndexes = writeAtOnce;
  const stores: Store[] = [];
  const { create } = dynaliteDatabase;
  // Dynalite keeps its database to itself; it has to be seen to know whether it could be opened, and to close it.
  dynaliteDatabase.create = (options) => {
    const store = create(options);
    stores.push(store);
    return store;
  };
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  dynaliteDatabase.create = create;
  return {
    server,
    open: async () => {
      for (const { db } of stores) await db.open();
    },
    close: async () => {
      for (const { db } of stores) await db.close();
    },
  };
}

const { updateIndexes, getIndexActions, createKey } = dynaliteDatabase;

/**
 * Dynalite writes a new item into each index and then into the table, so that one that is killed in between shows queries an
 * item that does not exist. Here the item goes into the same batch, which LevelDB writes whole or not at all; that dynalite
 * writes it once more afterwards changes nothing. Only what is added needs this: nothing else is done to a table with indexes.
 */
const writeAtOnce: typeof updateIndexes = (store, table, existing, item, done) => {
  const { TableName: name, GlobalSecondaryIndexes: indexes = [] } = table;
  const isNew = item !== null && (existing === null || existing === undefined);
  if (!isNew || indexes.length === 0) {
    updateIndexes(store, table, existing, item, done);
    return;
  }
  const { puts } = getIndexActions(indexes, existing, item, table);
  const writes = [
    ...puts.map((put) => ({ key: `index-global~${name}~${put.index}~${put.key}`, value: put.item })),
    { key: `item-${name}~${createKey(item, table)}`, value: item },
  ];
  store.db.batch(
    writes.map((write) => ({ type: 'put', ...write })),
    done,
  );
};
