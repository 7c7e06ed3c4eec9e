import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { recognise } from '../../lib/bounces/recognise.ts';
import { verpOptions } from './verp-options.ts';

const manifest = z.record(
  z.string(),
  z.object({
    permanent: z.array(z.string()),
    temporary: z.array(z.string()),
    /** Names for the same recipient that may come beside it or in its place: one before or after an alias. */
    accept: z.array(z.string()).default([]),
    complaint: z.array(z.string()).default([]),
    /** Reasons of which each that is found is one. */
    why: z.array(z.string()).optional(),
  }),
);

// See the README.md of each: written without sight of the detectors.
const sets = ['blind-1', 'blind-2', 'blind-3'].map((name) => {
  const directory = join(import.meta.dirname, name);
  const all = manifest.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')));
  return [
    name,
    Object.entries(all).map(([file, said]) => [file, join(directory, file), said] as const),
  ] as const;
});

describe.each(sets)('%s', (_, samples) => {
  it.each(samples)(
    '%s names its recipients, and why where the manifest tells',
    (_, path, { permanent, temporary, accept, complaint, why }) => {
      const recognition = recognise({ bytes: readFileSync(path) }, verpOptions);
      const bounces = recognition.kind === 'bounces' ? recognition.bounces : [];
      const found = (kind: string): readonly string[] =>
        bounces.filter((one) => one.kind === kind).map(({ address }) => address.toLowerCase());
      expect(found('complaint')).toEqual(complaint);
      const reasons = bounces.map((bounce) => bounce.why);
      expect(reasons.filter((reason) => why !== undefined && !why.includes(reason))).toEqual([]);
      const others = new Set(accept.map((address) => address.toLowerCase()));
      for (const [kind, addresses] of [
        ['permanent', permanent],
        ['temporary', temporary],
      ] as const) {
        const wanted = addresses.map((address) => address.toLowerCase());
        const named = found(kind);
        expect(named.filter((address) => !others.has(address) && !wanted.includes(address))).toEqual([]);
        const isThere = (address: string): boolean =>
          named.includes(address) || named.some((other) => others.has(other));
        expect(wanted.filter((address) => !isThere(address))).toEqual([]);
      }
    },
  );
});
