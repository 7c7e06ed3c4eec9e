import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../infra/aws/site-file.ts';
import { blocksOf } from './blocks.ts';
import { openReader, type Reader } from './reader.ts';
import { checkSum } from './sums.ts';

// HACKING.md tells how a document is made to be run.
const documents = [
  'docs/flow.md',
  'docs/chains.md',
  'docs/cost.md',
  'docs/commands.md',
  'docs/delivery.md',
  'docs/delivery-ses.md',
];

describe('what a document says happens', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await openReader();
  }, 120_000);
  afterAll(() => reader?.close());

  it.each(documents)(
    '%s',
    async (document) => {
      const blocks = blocksOf(readFileSync(join(checkout, document), 'utf8'));
      expect(blocks.length).toBeGreaterThan(0);
      for (const block of blocks) {
        await reader.follow(block).catch((error: unknown) => {
          throw new Error(`${document}: ${error instanceof Error ? error.message : error}`);
        });
      }
    },
    600_000,
  );
});

it('a sum that is wrong in its last digit is told', () => {
  checkSum('two tasks  2 × (9.01 + 3.65) = 25.32');
  expect(() => checkSum('two tasks  2 × (9.01 + 3.65) = 25.33')).toThrow('25.3200');
  expect(() => checkSum('two tasks are 2 × 9')).toThrow('no line of a sum');
});
