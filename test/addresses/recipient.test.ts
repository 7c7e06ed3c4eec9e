import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRecipient, type RecipientLookups } from '../../lib/addresses/recipient.ts';

/** A site with some lists on example.com, whose alias is example.net. */
const site = (...names: readonly string[]): RecipientLookups => ({
  resolve: async (domain) => ({ 'example.com': 'example.com', 'example.net': 'example.com' })[domain],
  find: async (fqdn) => {
    const [list_name = '', mail_host = ''] = fqdn.split('@');
    return names.includes(list_name) && mail_host === 'example.com'
      ? { list_id: `${list_name}.${mail_host}`, list_name, mail_host }
      : undefined;
  },
});

const meaning = async (address: string, lookups: RecipientLookups): Promise<string> => {
  const found = await findRecipient(address, lookups, '+');
  if (found === undefined) return 'nobody';
  return [
    found.list.list_name,
    found.subaddress ?? 'post',
    ...(found.detail === undefined ? [] : [found.detail]),
  ].join(' ');
};

describe('a recipient address', () => {
  it.each([
    ['ant@example.com', 'ant post'],
    ['Ant@EXAMPLE.Com', 'ant post'],
    ['ant@example.net', 'ant post'],
    ['ant-owner@example.com', 'ant owner'],
    ['ant-OWNER@example.com', 'ant owner'],
    ['ant-request@example.com', 'ant request'],
    ['ant-join@example.com', 'ant join'],
    ['ant-subscribe@example.com', 'ant join'],
    ['ant-leave@example.com', 'ant leave'],
    ['ant-unsubscribe@example.com', 'ant leave'],
    ['ant-confirm+ToKen@example.com', 'ant confirm ToKen'],
    ['ant-bounces+Anne=example.org@example.com', 'ant bounces Anne=example.org'],
    ['ant-bounces+a+b=example.org@example.com', 'ant bounces a+b=example.org'],
    ['ant+@example.com', 'ant post '],
    ['ant+owner@example.com', 'ant post owner'],
    ['two-ants-owner@example.com', 'two-ants owner'],
    ['bee-request@example.com', 'bee-request post'],
    ['bee-request-request@example.com', 'bee-request request'],
    ['bee-owner@example.com', 'bee owner'],
  ])('%s means %s', async (address, wanted) => {
    expect(await meaning(address, site('ant', 'two-ants', 'bee', 'bee-request'))).toBe(wanted);
  });

  it.each([
    'gnu@example.com',
    'ant-bogus@example.com',
    '-owner@example.com',
    'owner@example.com',
    'ant@example.org',
    'ant',
    '@example.com',
    '+x@example.com',
    'ant-toString@example.com',
  ])('%s means nobody', async (address) => {
    expect(await meaning(address, site('ant'))).toBe('nobody');
  });

  it('never makes the look-up fail, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...'ant-ownerbouces+@.=") \0é') }),
        async (address) => {
          await findRecipient(address, site('ant'), '+');
        },
      ),
    );
  });
});
