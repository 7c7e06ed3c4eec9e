import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { DataDecoder } from './data-decoder.ts';

/** Where the content of DATA goes. */
export interface DataSink {
  /** Takes content; a promise when the sender has to wait. */
  readonly write: (bytes: Buffer) => Promise<void> | undefined;
  /** The data has ended; the next command is read when this is done. */
  readonly end: () => Promise<void>;
}

// RFC 5321, section 4.5.3.1.4, grants 512 octets, and each extension a few more for its parameters; MTAs use up to 2,048.
const longestLine = 2048;

// How many pipelined commands are handled before other sessions get their turn.
const commandsAtOnce = 100;

const lf = 0x0a;
const cr = 0x0d;
const empty = Buffer.alloc(0);

/**
 * Reads commands and data from the socket in the place of smtp-server's own stream, which removes dots also after a bare LF,
 * and closes the session at a long command line where it can be answered.
 */
export class LmtpParser extends SMTPStream {
  /** What is called for a command line that is too long. */
  onlongline: (done: () => void) => void = (done) => done();
  #line: Buffer = empty;
  #tooLong = false;
  #decoder = new DataDecoder();
  #sink: DataSink | undefined;

  /** What comes next is content, up to the end of the data. */
  receive(sink: DataSink): void {
    this.#decoder = new DataDecoder();
    this.#sink = sink;
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding | 'buffer',
    next: (error?: Error | null) => void,
  ): void {
    this.#read(chunk).then(() => next(), next);
  }

  async #read(chunk: Buffer): Promise<void> {
    let rest = chunk;
    let commands = 0;
    while (rest.length > 0 && !this.isClosed) {
      if (this.#sink !== undefined) {
        rest = await this.#readData(this.#sink, rest);
        continue;
      }
      const end = rest.indexOf(lf);
      this.#hold(end === -1 ? rest : rest.subarray(0, end));
      if (end === -1) return;
      rest = rest.subarray(end + 1);
      await this.#command();
      commands += 1;
      if (commands % commandsAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #hold(piece: Buffer): void {
    if (this.#line.length + piece.length > longestLine) {
      this.#tooLong = true;
      this.#line = empty;
    } else if (!this.#tooLong) {
      this.#line = this.#line.length === 0 ? piece : Buffer.concat([this.#line, piece]);
    }
  }

  #command(): Promise<void> {
    const line = this.#line.at(-1) === cr ? this.#line.subarray(0, -1) : this.#line;
    const tooLong = this.#tooLong;
    this.#line = empty;
    this.#tooLong = false;
    return new Promise((resolve) => {
      if (tooLong) this.onlongline(resolve);
      else this.oncommand(line, resolve);
    });
  }

  async #readData(sink: DataSink, chunk: Buffer): Promise<Buffer> {
    const { content, rest } = this.#decoder.feed(chunk);
    for (const piece of content) {
      const wait = sink.write(piece);
      if (wait !== undefined) await wait;
    }
    if (rest === undefined) return empty;
    this.#sink = undefined;
    await sink.end();
    return rest;
  }
}
