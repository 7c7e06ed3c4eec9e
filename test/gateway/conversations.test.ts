import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { converse } from './conversation.ts';

const folder = new URL('conversations/', import.meta.url);

describe('a mail server that talks to the gateway', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(async () => {
    await emulators.close();
  });

  for (const file of readdirSync(folder).sort()) {
    it(file.replace(/\.lmtp$/, '').replaceAll('-', ' '), async () => {
      await converse(readFileSync(new URL(file, folder), 'latin1'), emulators);
    });
  }
});
