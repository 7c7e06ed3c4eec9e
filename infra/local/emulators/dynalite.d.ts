declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Starts a DynamoDB in memory. */
  function dynalite(options?: { readonly createTableMs?: number; readonly deleteTableMs?: number }): Server;
  export = dynalite;
}
