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

  /** A DynamoDB look-alike that listens once `listen` is called. Closing the server closes its database. */
  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
