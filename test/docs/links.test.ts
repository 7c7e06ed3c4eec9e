import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../../infra/aws/site-file.ts';
import { proseOf } from './blocks.ts';

const documents = globSync(['*.md', 'docs/**/*.md', 'bench/*.md'], { cwd: checkout });

/** The names of a document's sections, as GitHub makes them of headings. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...proseOf(text).matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );

const linksOf = (text: string): readonly string[] =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

/** Files of this repository that are named in code type, such as `lib/queue/names.ts`; NAME and its like stand for many. */
const filesNamedIn = (text: string): readonly string[] =>
  [...proseOf(text).matchAll(/`((?:bench|bin|docs|functions|infra|lib|lmtp-gateway|test)\/[\w./-]+)`/g)]
    .map(([, file = '']) => file)
    .filter((file) => !/\b(?:NAME|NOUN|VERB)\b/.test(file));

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(checkout, document), 'utf8');

  it('links to what is there', () => {
    const broken = linksOf(text).filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? join(checkout, document) : join(checkout, dirname(document), path);
      if (!existsSync(file)) return true;
      if (anchor === undefined || statSync(file).isDirectory()) return false;
      return !anchorsOf(readFileSync(file, 'utf8')).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files that are there', () => {
    expect(filesNamedIn(text).filter((file) => !existsSync(join(checkout, file)))).toEqual([]);
  });
});
