import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { recognise } from '../../lib/bounces/recognise.ts';
import { verpOptions } from './verp-options.ts';

// Real bounces that lie beside the checkout where it is developed and in CI; a clone of Belfry alone does not have them.
const samples = resolve(import.meta.dirname, '../../../shared/bounces');

const manifest = z.object({
  samples: z.array(
    z.object({
      file: z.string(),
      expected: z.object({ permanent: z.array(z.string()), temporary: z.array(z.string()) }),
    }),
  ),
});

const all = existsSync(samples)
  ? manifest.parse(JSON.parse(readFileSync(join(samples, 'manifest.json'), 'utf8'))).samples
  : [];

const keys = (addresses: readonly string[]): readonly string[] =>
  addresses.map((address) => address.toLowerCase()).sort();

describe('real bounces', () => {
  it('are all there where there are any', () => {
    expect(existsSync(samples) ? all.length : 60).toBe(60);
  });

  it.each(all.map(({ file, expected }) => [file, expected] as const))(
    '%s names its recipients',
    (file, expected) => {
      const recognition = recognise({ bytes: readFileSync(join(samples, file)) }, verpOptions);
      const bounces = recognition.kind === 'bounces' ? recognition.bounces : [];
      const of = (kind: string) =>
        keys(bounces.filter((one) => one.kind === kind).map(({ address }) => address));
      expect(of('permanent')).toEqual(keys(expected.permanent));
      expect(of('temporary')).toEqual(keys(expected.temporary));
    },
  );
});
