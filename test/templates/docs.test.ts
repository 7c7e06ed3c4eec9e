import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allTexts, textNames } from '../../lib/templates/all-texts.ts';
import { listVariables } from '../../lib/templates/list-variables.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/templates.md'), 'utf8');

/** The part of the page under a heading, to the next one. */
const under = (heading: string): string => {
  const [, after = ''] = page.split(`\n${heading}\n`);
  return after.split(/^##/m)[0] ?? '';
};

const rows = (variables: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(variables).map(([name, holds]) => `| \`$${name}\` | ${holds} |`);

const rowsUnder = (heading: string): readonly string[] =>
  under(heading)
    .split('\n')
    .filter((line) => line.startsWith('| `'));

describe('docs/templates.md', () => {
  it('names every text and no other', () => {
    const named = [...page.matchAll(/^### `(.*)`$/gm)].map(([, name]) => name);
    expect(named).toEqual(textNames);
  });

  it.each(textNames)('says when %s is written, and which variables it has', (name) => {
    expect(under(`### \`${name}\``)).toContain(allTexts[name].purpose);
    expect(rowsUnder(`### \`${name}\``)).toEqual(rows(allTexts[name].variables));
  });

  it('has the variables of every text', () => {
    expect(rowsUnder('## Variables of every text')).toEqual(rows(listVariables));
  });
});
