import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import { findRecipient } from '../../lib/addresses/recipient.ts';
import { parseVerp, verpFormatFault, verpSender } from '../../lib/addresses/verp.ts';
import { readSite } from '../../lib/config/site.ts';

const { verp_format: usual, verp_delimiter } = readSite().mta;

describe('the envelope sender for one recipient', () => {
  it.each([
    ['aperson@example.com', 'test-bounces+aperson=example.com@example.com'],
    ['a+tag@dest.example', 'test-bounces+a+tag=dest.example@example.com'],
    ['a=b@dest.example', 'test-bounces+a=b=dest.example@example.com'],
    ['Anne.Person@Dest.example', 'test-bounces+Anne.Person=Dest.example@example.com'],
  ])('%s: %s', (recipient, sender) => {
    expect(verpSender(usual, 'test-bounces@example.com', recipient)).toBe(sender);
  });

  it.each(['nobody', 'nobody@', '@example.com', '"a b"@example.com', 'zoë@example.com'])(
    'is the plain one for %s, which cannot stand in it',
    (recipient) => {
      expect(verpSender(usual, 'test-bounces@example.com', recipient)).toBe('test-bounces@example.com');
    },
  );

  it('is the plain one when the local part would have more than 64 octets', () => {
    const fits = `${'x'.repeat(64 - 'test-bounces+='.length - 'example.com'.length)}@example.com`;
    expect(verpSender(usual, 'test-bounces@example.com', fits).indexOf('@')).toBe(64);
    expect(verpSender(usual, 'test-bounces@example.com', `x${fits}`)).toBe('test-bounces@example.com');
  });
});

const formats = [
  [usual, verp_delimiter],
  ['$bounces+$local=$domain', '+'],
  ['$bounces=$local=$domain', '='],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of Mailman's.
  ['${bounces}_x-${local}==${domain}-z', '_'],
] as const;

describe.each(formats)('the format %s with the delimiter %s', (format, delimiter) => {
  it('can be written and read back', () => {
    expect(verpFormatFault(format, delimiter)).toBeUndefined();
  });

  it('tells the gateway the list, and the bounce runner the recipient', async () => {
    const atoms = "abcXYZ019+=._-~!#$%&'*/?^`{|}".split('');
    const label = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,8}$/);
    const address = fc
      .tuple(
        fc.string({ unit: fc.constantFrom(...atoms), minLength: 1, maxLength: 20 }),
        fc.array(label, { minLength: 2, maxLength: 3 }),
      )
      .map(([local, labels]) => `${local}@${labels.join('.')}`)
      .filter((text) => parseEmailAddress(text) !== undefined);
    const lookups = {
      resolve: async (domain: string) => domain,
      find: async (fqdn: string) =>
        fqdn === 'test@example.com'
          ? { list_id: 'test.example.com', list_name: 'test', mail_host: 'example.com' }
          : undefined,
    };
    await fc.assert(
      fc.asyncProperty(address, async (recipient) => {
        const sender = verpSender(format, 'test-bounces@example.com', recipient);
        if (sender === 'test-bounces@example.com') return;
        const found = await findRecipient(sender, lookups, delimiter);
        expect(found).toMatchObject({ subaddress: 'bounces', list: { list_name: 'test' } });
        expect(parseVerp(format, delimiter, found?.detail ?? '')).toBe(recipient);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a detail that is no VERP address', () => {
  it.each(['', 'token', '=example.com', 'a=', '1234abcd'])('%s has no recipient', (detail) => {
    expect(parseVerp(usual, verp_delimiter, detail)).toBeUndefined();
  });
});

describe('a format that cannot be read back is refused', () => {
  it.each([
    ['$bounces+$local', '+', 'does not hold'],
    ['$local+$bounces=$domain', '+', 'does not hold'],
    ['$bounces+$domain=$local', '+', 'does not hold'],
    ['$bounces$local=$domain', '+', 'does not hold'],
    ['$bounces_$local=$domain', '_', 'does not hold'],
    ['$bounces+$local @$domain', '+', 'does not hold'],
    ['$bounces=$local=$domain', '+', 'does not have mta.verp_delimiter'],
    ['$bounces+$local-$domain', '+', 'which a domain may hold'],
  ])('%s with %s', (format, delimiter, says) => {
    expect(verpFormatFault(format, delimiter)).toContain(says);
  });

  it('and a setting without the placeholders is none', () => {
    expect(() => readSite({ mta: { verp_format: 'bounces' } })).toThrow('mta.verp_format');
  });
});
