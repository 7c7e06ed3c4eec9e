import { describe, expect, it } from 'vitest';
import type { Recognition } from '../../lib/bounces/bounce.ts';
import { detectors } from '../../lib/bounces/detectors.ts';
import { recognise } from '../../lib/bounces/recognise.ts';
import { withCrlf } from '../../lib/mail/line-ends.ts';
import { samples } from './samples.ts';
import { verpOptions } from './verp-options.ts';

const inWords = (recognition: Recognition): readonly string[] => {
  switch (recognition.kind) {
    case 'bounces':
      return recognition.bounces.map(({ kind, address, why }) => `${kind} ${address} ${why}`).sort();
    case 'no-bounce':
      return [`none ${recognition.because}`];
    case 'unrecognised':
      return ['unrecognised'];
  }
};

describe('a mail to the bounce address', () => {
  it.each(samples.map(({ name, expected, bytes }) => [name, expected, bytes] as const))(
    '%s is recognised for what it is',
    (_, expected, bytes) => {
      expect(inWords(recognise({ bytes }, verpOptions))).toEqual(expected);
    },
  );

  it('means the same with the line ends that the gateway gives it', () => {
    for (const { expected, bytes } of samples) {
      expect(inWords(recognise({ bytes: withCrlf(bytes) }, verpOptions))).toEqual(expected);
    }
  });
});

describe('every detector', () => {
  const first = new Map(
    samples.map(({ name, bytes }) => {
      const recognition = recognise({ bytes }, verpOptions);
      return [
        name,
        recognition.kind === 'bounces' ? recognition.bounces[0]?.detector : recognition.kind,
      ] as const;
    }),
  );

  it.each([...new Set(detectors.map(({ name }) => name))].filter((name) => name !== 'automatic'))(
    '%s recognises a sample',
    (name) => {
      expect([...first.values()]).toContain(name);
    },
  );
});
