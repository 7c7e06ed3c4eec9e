import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A mail of our own making, and what is to be recognised in it. */
export interface Sample {
  readonly name: string;
  /** Such as `permanent user@example.com user-unknown`, `none auto-reply` or `unrecognised`; in order of the alphabet. */
  readonly expected: readonly string[];
  readonly bytes: Buffer;
}

const directory = join(import.meta.dirname, 'samples');

const expectation = /^X-Expect: (.*)\n/;

const sampleFrom = (file: string): Sample => {
  const expected: string[] = [];
  let text = readFileSync(join(directory, file), 'utf8');
  for (let match = expectation.exec(text); match !== null; match = expectation.exec(text)) {
    expected.push(match[1] ?? '');
    text = text.slice(match[0].length);
  }
  return { name: file.replace(/\.eml$/, ''), expected: expected.sort(), bytes: Buffer.from(text) };
};

/** The samples: each begins with its `X-Expect` lines, which are no part of the mail. */
export const samples: readonly Sample[] = readdirSync(directory).sort().map(sampleFrom);
