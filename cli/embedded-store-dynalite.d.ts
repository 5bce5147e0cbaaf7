/** The little that the project uses of dynalite, which has no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** A folder for LevelDB; in memory unless given. */
    readonly path?: string;
    /** How long a table stays in each state. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** A DynamoDB look-alike, once its `listen` is called. Closing the server closes its database. */
  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}

declare module 'dynalite/db/index.js' {
  /** LevelDB opens in the background; `open` waits for it, and rejects with the reason as its cause. */
  interface LevelDatabase {
    open(): Promise<void>;
    close(): Promise<void>;
    batch(operations: readonly object[], done: Done): void;
  }
  interface Store {
    readonly db: LevelDatabase;
  }
  interface Table {
    readonly TableName: string;
    readonly GlobalSecondaryIndexes?: readonly object[];
  }
  interface IndexPut {
    readonly index: string;
    readonly key: string;
    readonly item: object;
  }
  type Done = (error?: Error | null) => void;

  /** Dynalite calls these through this object, so that what is put in their place is called instead. */
  const database: {
    create: (options: object) => Store;
    /** Writes the items of the indexes that belong to `item`; called before the item itself is written. */
    updateIndexes: (
      store: Store,
      table: Table,
      existing: object | null | undefined,
      item: object | null,
      done: Done,
    ) => void;
    getIndexActions: (
      indexes: readonly object[],
      existing: object | null | undefined,
      item: object,
      table: Table,
    ) => { readonly puts: readonly IndexPut[] };
    createKey: (item: object, table: Table) => string;
  };
  export = database;
}
