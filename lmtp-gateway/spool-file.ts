import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/**
 * A mail on disk while it is on its way to S3. The file loses its name as soon as it is open, so that neither a lost
 * connection nor a crash leaves anything behind, and no other process can open it.
 */
export class SpoolFile {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Makes a file in a folder. */
  static async create(folder: string): Promise<SpoolFile> {
    const path = join(folder, `belfry-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new SpoolFile(file);
  }

  /** Writes behind what is there. */
  async append(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, written);
      written += bytesWritten;
    }
  }

  /** Reads the first bytes, as many as there are up to a length. */
  async head(length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#file.read(bytes, read, length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  }

  /** Reads from a place to the end. */
  read(start: number): Readable {
    return this.#file.createReadStream({ start, autoClose: false });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
