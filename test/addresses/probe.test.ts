import { describe, expect, it } from 'vitest';
import { parseProbe, probeSender } from '../../lib/addresses/probe.ts';
import { readSite } from '../../lib/config/site.ts';

const { verp_probe_format: usual, verp_delimiter } = readSite().mta;
const token = '0123456789abcdef0123456789abcdef01234567';

/** What follows the delimiter of a probe's sender. */
const detailOf = (format: string): string => {
  const [local = ''] = probeSender(format, 'test-bounces@example.com', token).split('@');
  return local.slice('test-bounces+'.length);
};

// biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of Mailman's.
describe.each([usual, '$bounces+$token', '${bounces}+probe-${token}'])('a probe as %s', (format) => {
  it('comes back with its token, whatever the case of the letters', () => {
    expect(parseProbe(format, verp_delimiter, detailOf(format))).toBe(token);
    expect(parseProbe(format, verp_delimiter, detailOf(format).replaceAll('ab', 'AB'))).toBe(token);
  });

  it.each([
    ['too short', token.slice(1)],
    ['too long', `${token}0`],
    ['of other letters', token.replace('a', 'g')],
  ])('has no token that is %s', (_, other) => {
    const detail = detailOf(format).replace(token, other);
    expect(parseProbe(format, verp_delimiter, detail)).toBeUndefined();
  });
});

it('a token behind another word is no probe', () => {
  expect(parseProbe('$bounces+probe-$token', '+', `point-${token}`)).toBeUndefined();
  expect(parseProbe('$bounces+probe-$token', '+', `probe-${token}`)).toBe(token);
});

it('a format that cannot be read leaves the plain sender, and knows no token', () => {
  expect(probeSender('$token', 'test-bounces@example.com', token)).toBe('test-bounces@example.com');
  expect(parseProbe('$token', '+', token)).toBeUndefined();
});
