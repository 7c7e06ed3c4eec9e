import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderPage } from './page.ts';
import { referencePages } from './pages.ts';

// Writes the reference pages; a test says when they are out of date.
for (const [name, page] of Object.entries(referencePages)) {
  await writeFile(join(import.meta.dirname, '../../docs', name), renderPage(page));
}
