import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { samples } from '../../test/bounces/samples.ts';

/** Real bounces, which lie beside the checkout where it is developed. */
const shared = resolve(import.meta.dirname, '../../../shared/bounces/eml');

const real = existsSync(shared)
  ? readdirSync(shared)
      .sort()
      .map((file) => readFileSync(join(shared, file)))
  : [];

/** Each sample once. */
export const sampleBounces: readonly Buffer[] = [...real, ...samples.map(({ bytes }) => bytes)];

const trace = (number: number, hop: number): string =>
  `Received: from mx${hop}.example${number}.net (mx${hop}.example${number}.net [192.0.2.${hop}])\r\n\tby in.example.com (Postfix) with ESMTPS id ${number}x${hop}; Sat, 21 Nov 2026 12:00:0${hop} +0000\r\n`;

/** What a mail has after its last part, as when the mail that is returned is long: up to 16 KB of lines. */
const tail = (number: number): string =>
  `${'The quick brown fox jumps over the lazy dog, again and again.\r\n'.repeat((number * 37) % 260)}`;

/** One sample as if it were another mail: on another way, with the line ends of the gateway, longer, and about another domain. */
const varied = (sample: Buffer, number: number): Buffer => {
  const text = sample
    .toString('latin1')
    .replace(/\r?\n/g, '\r\n')
    .replace(/^From .*\r\n/, '')
    .replaceAll('@example.org', `@example${number}.org`);
  const hops = Array.from({ length: 1 + (number % 6) }, (_, hop) => trace(number, hop));
  return Buffer.from(`${hops.join('')}${text}\r\n${tail(number)}`, 'latin1');
};

/** So many different bounces, every sample as often as every other. */
export const mixedBounces = (count: number): readonly Buffer[] =>
  Array.from({ length: count }, (_, number) =>
    varied(sampleBounces[number % sampleBounces.length] ?? Buffer.alloc(0), number),
  );
