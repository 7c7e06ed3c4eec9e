import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { allTexts, textNames } from '../../lib/templates/all-texts.ts';
import { columnsOf } from '../../lib/templates/columns.ts';
import { listVariables } from '../../lib/templates/list-variables.ts';
import { renderTemplate } from '../../lib/templates/render.ts';
import { substitute, variablesIn } from '../../lib/templates/substitute.ts';
import { wrap } from '../../lib/templates/wrap.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';

describe('filling in variables', () => {
  const values = { name: 'Anne', empty: '', sly: '$name' };

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the variables of these texts look like those of TypeScript.
  it.each([
    ['Dear $name,', 'Dear Anne,'],
    ['${name}s', 'Annes'],
    ['$names', '$names'],
    ['$$name costs $5 or $$', '$name costs $5 or $'],
    ['$unknown ${unknown} ${not a name} ${name', '$unknown ${unknown} ${not a name} ${name'],
    ['[$empty]', '[]'],
    ['$sly', '$name'],
    ['$toString $constructor', '$toString $constructor'],
    ['$naïve', '$naïve'],
    ['$nameß', 'Anneß'],
  ])('of "%s" gives "%s"', (text, filled) => {
    expect(substitute(text, values)).toBe(filled);
  });

  it('tells which variables a text has', () => {
    expect(variablesIn('$a ${b} $$c $a $')).toEqual(['a', 'b']);
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: it ends here.
});

describe('wrapping', () => {
  const a = (count: number): string => Array.from({ length: count }, () => 'ant').join(' ');

  it('fills paragraphs to 70 columns, and joins lines that were shorter', () => {
    expect(wrap(`${a(5)}\n${a(20)}\n\n${a(2)}`)).toBe(`${a(17)}\n${a(8)}\n\n${a(2)}`);
    expect(a(17)).toHaveLength(67);
  });

  it('leaves indented lines and blank lines alone, however long they are', () => {
    const text = `one\n\n\n    ${a(30)}\n\t$ npx belfry\ntwo`;
    expect(wrap(text)).toBe(text);
  });

  it('does not break a word that is too long, such as a link', () => {
    const link = `https://example.com/${'x'.repeat(80)}`;
    expect(wrap(`see ${link} for more`)).toBe(`see\n${link}\nfor more`);
  });

  it('counts what a reader sees: umlauts one, Chinese and pictures two, combining marks none', () => {
    expect(columnsOf('Größe')).toBe(5);
    expect(columnsOf('Gro\u0308ße')).toBe(5);
    expect(columnsOf('日本')).toBe(4);
    expect(columnsOf('👩‍👩‍👧🐜')).toBe(4);
    expect(columnsOf('שלום')).toBe(4);
  });

  it('breaks Japanese between characters, but puts no full stop at the start of a line', () => {
    const lines = wrap(`${'蟻'.repeat(35)}。${'蟻'.repeat(40)}`).split('\n');
    expect(lines.map(columnsOf)).toEqual([68, 70, 14]);
    expect(lines[1]).toMatch(/^蟻。/);
    expect(wrap('日本語\nの文')).toBe('日本語の文');
    expect(wrap('한국어\n메일')).toBe('한국어 메일');
  });
});

describe('the built-in texts', () => {
  it.each(textNames)('%s uses no variable that it does not have', (name) => {
    const { text, variables } = allTexts[name];
    const used = variablesIn(text);
    const known: readonly string[] = [...Object.keys(listVariables), ...Object.keys(variables)];
    expect(used.filter((one) => !known.includes(one))).toEqual([]);
    expect(text.endsWith('\n')).toBe(true);
  });
});

describe('the text that is used', () => {
  let emulators: Emulators;
  let list: MailingList;
  const site = readSite({});
  beforeAll(async () => {
    emulators = await startEmulators();
    const clock = { now: () => new Date() };
    list = await createList('ant@example.com', { store: emulators.store, site, clock });
  });
  afterAll(() => emulators.close());
  beforeEach(async () => {
    for (const where of [list.list_id, '@example.com', 'site']) {
      await emulators.store.templates.remove(where, 'list:user:notice:no-more-today');
    }
  });
  const used = () =>
    renderTemplate(
      'list:user:notice:no-more-today',
      list,
      { count: '10', sender_email: 'anne@example.org' },
      { store: emulators.store, site },
    );
  const set = (where: string, text: string) =>
    emulators.store.templates.set(where, 'list:user:notice:no-more-today', text);

  it('is the built-in one, else that of the site, the domain, the list: the innermost wins', async () => {
    expect(await used()).toContain('had 10 messages like this one');
    await set('site', 'site of $site_email');
    expect(await used()).toBe('site of changeme@example.com');
    await set('@example.com', 'domain $domain');
    expect(await used()).toBe('domain example.com');
    await set('ant.example.com', '$display_name: $sender_email had $count, $nothing');
    expect(await used()).toBe('Ant: anne@example.org had 10, $nothing');
  });

  it('is empty where it was set to be empty', async () => {
    await set('site', 'something');
    await set('@example.com', '');
    expect(await used()).toBe('');
  });
});
