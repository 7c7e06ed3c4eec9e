import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nouns } from '../../bin/cli/nouns.ts';
import { checkout } from '../../infra/aws/site-file.ts';
import { blocksOf } from './blocks.ts';

const read = (file: string): string => readFileSync(join(checkout, file), 'utf8');

it('the README quotes settings of mail servers that the end-to-end tests run', () => {
  const run = new Set(
    globSync('docs/{postfix,exim}/*', { cwd: checkout }).flatMap((file) => read(file).split('\n')),
  );
  const quoted = blocksOf(read('README.md')).filter(({ kind }) => kind === 'ini');
  expect(quoted.length).toBeGreaterThan(0);
  expect(quoted.flatMap(({ lines }) => lines).filter((line) => !run.has(line))).toEqual([]);
});

it('the README tells every noun of the command line', () => {
  const told = /`npx belfry --help` tells the commands: (.*)\./.exec(read('README.md'))?.[1] ?? '';
  expect(told.split(', ').toSorted()).toEqual(
    Object.keys(nouns)
      .map((noun) => `\`${noun}\``)
      .toSorted(),
  );
});
