import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderPage } from '../../bin/reference/page.ts';
import { referencePages } from '../../bin/reference/pages.ts';
import { listSettings } from '../../lib/lists/settings.ts';

it.each(Object.entries(referencePages))(
  'docs/%s is up to date (node bin/reference/main.ts)',
  (name, page) => {
    expect(readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')).toBe(renderPage(page));
  },
);

it('every list setting has its row', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/list-settings.md'), 'utf8');
  for (const name of Object.keys(listSettings)) expect(page).toContain(`| \`${name}\` |`);
});
