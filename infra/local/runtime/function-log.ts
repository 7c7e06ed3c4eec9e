import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Whether a line of a log is worth a person's attention: Powertools writes one JSON object a line, with its level. */
const isAlarming = (line: string): boolean => /"level":"(ERROR|CRITICAL)"/.test(line);

/** The log of one function or of the gateway: a file of its own, emptied at the start of the stack. */
export class FunctionLog {
  readonly #name: string;
  readonly #file: WriteStream;
  readonly #alarm: (line: string) => void;

  constructor(dir: string, name: string, alarm: (line: string) => void) {
    mkdirSync(dir, { recursive: true });
    this.#name = name;
    this.#alarm = alarm;
    this.#file = createWriteStream(join(dir, `${name}.log`));
  }

  /** Writes what a process prints; errors are told to the person at the console too. */
  follow(stdout: Readable, stderr: Readable): void {
    createInterface({ input: stdout }).on('line', (line) => {
      this.#file.write(`${line}\n`);
      if (isAlarming(line)) this.#alarm(`${this.#name}: ${line}`);
    });
    createInterface({ input: stderr }).on('line', (line) => this.problem(line));
  }

  /** Writes a line that the console shows too. */
  problem(line: string): void {
    this.#file.write(`${line}\n`);
    this.#alarm(`${this.#name}: ${line}`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(resolve));
  }
}
