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
  interface Database {
    open(): Promise<void>;
    close(): Promise<void>;
  }

  /** Dynalite calls `create` through this object each time it is called itself. */
  const databases: { create(options: object): { readonly db: Database } };
  export = databases;
}
