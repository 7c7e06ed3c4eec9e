import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../../infra/aws/site-file.ts';

const imported =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;

/** What a file imports: packages by name, our own files by their path in the checkout. */
const importsOf = (file: string, source: string): readonly string[] =>
  [...source.matchAll(imported)].map(([, from, later, bare]) => {
    const name = from ?? later ?? bare ?? '';
    return name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name;
  });

const cdk = ['aws-cdk-lib', 'constructs', 'cdk-nag'];
// docs: design, section 2, "Arrows point one way".
const forbidden: Readonly<Record<string, readonly string[]>> = {
  lib: [
    'infra/',
    'functions/',
    'bin/',
    'lmtp-gateway/',
    'test/',
    'bench/',
    'aws-lambda',
    '@types/aws-lambda',
    ...cdk,
  ],
  functions: ['infra/', 'bin/', 'lmtp-gateway/', 'test/', 'bench/', ...cdk],
  'lmtp-gateway': ['infra/', 'functions/', 'bin/', 'test/', 'bench/', 'aws-lambda', ...cdk],
};

const offences = (room: string, file: string, source: string): readonly string[] =>
  importsOf(file, source)
    .filter((name) =>
      (forbidden[room] ?? []).some(
        (bad) => name === bad || name.startsWith(bad.endsWith('/') ? bad : `${bad}/`),
      ),
    )
    .map((name) => `${file} imports ${name}`);

describe.each(Object.keys(forbidden))('the room %s', (room) => {
  const files = globSync(`${room}/**/*.ts`, { cwd: checkout }).map((file) => file.replaceAll(path.sep, '/'));

  it('imports nothing that stands above it', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(
      files.flatMap((file) => offences(room, file, readFileSync(path.join(checkout, file), 'utf8'))),
    ).toEqual([]);
  });
});

describe('the look-out for imports', () => {
  it.each([
    "import { App } from 'aws-cdk-lib';",
    "import type { SQSEvent } from 'aws-lambda';",
    "import { Queue } from 'aws-cdk-lib/aws-sqs';",
    "import {\n  stackName,\n} from '../../infra/aws/names.ts';",
    "const { x } = await import('../../functions/ports.ts');",
    "export { y } from '../../bin/main.ts';",
    "import '../../lmtp-gateway/main.ts';",
  ])('sees %j', (source) => {
    expect(offences('lib', 'lib/lists/list.ts', source)).toHaveLength(1);
  });

  it('lets through what is allowed', () => {
    expect(
      offences(
        'lib',
        'lib/lists/list.ts',
        "import { z } from 'zod';\nimport { a } from '../store/store.ts';",
      ),
    ).toEqual([]);
  });
});
