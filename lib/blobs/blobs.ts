import type { Readable } from 'node:stream';

/** The port to the bytes: an object store. Keys are made by `lib/blobs/keys.ts` and nowhere else. */
export interface Blobs {
  /** Stores bytes; when it returns they are durable. A stream is stored in parts and never held whole. */
  readonly put: (key: string, body: Buffer | Readable) => Promise<void>;
  /** Reads an object whole; undefined when there is none. */
  readonly get: (key: string) => Promise<Buffer | undefined>;
  /** Copies an object within the store, without reading it here. Throws when there is none. */
  readonly copy: (from: string, to: string) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
}
