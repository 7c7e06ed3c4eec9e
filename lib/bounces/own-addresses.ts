import { addressesInText } from './addresses-in-text.ts';
import { type BounceMail, headerOf } from './bounce-mail.ts';

const fromKeys = ['from', 'sender', 'reply-to', 'return-path', 'errors-to'];
const toKeys = ['to', 'cc'];

// The tails of a list's own addresses (mailman-behaviour.md, section 2.2), and Mailman 2's.
const tails = /-(?:bounces|admin|owner|request|confirm|join|leave|subscribe|unsubscribe)$/;

const addressesIn = (mail: BounceMail, keys: readonly string[]): readonly string[] =>
  keys.flatMap((key) =>
    addressesInText(headerOf(mail.fields, key)).map(({ address }) => address.toLowerCase()),
  );

interface ListName {
  readonly name: string;
  /** With the at sign. */
  readonly host: string;
}

const withoutDetail = (local: string): string => local.replace(/\+.*$/, '');

/** The lists to whose own addresses a mail came. */
const listsIn = (addresses: readonly string[]): readonly ListName[] =>
  addresses.flatMap((address) => {
    const at = address.lastIndexOf('@');
    const local = withoutDetail(address.slice(0, at));
    return tails.test(local) ? [{ name: local.replace(tails, ''), host: address.slice(at) }] : [];
  });

const isOfList = (address: string, { name, host }: ListName): boolean => {
  if (!address.endsWith(host)) return false;
  const local = withoutDetail(address.slice(0, -host.length));
  return local === name || (local.startsWith(`${name}-`) && tails.test(local));
};

/**
 * Knows the addresses that a report is from, and those of the list that it is to: most reports name them, and they are never what failed. One that
 * goes to a person is to be told from what failed by its place in the report; where that is not known, `alsoTo` leaves it out too.
 */
export const ownAddresses = (
  mail: BounceMail,
  { alsoTo = false }: { readonly alsoTo?: boolean } = {},
): ((address: string) => boolean) => {
  const envelope = [mail.recipient ?? '', mail.sender ?? ''].map((address) => address.toLowerCase());
  const to = [...envelope, ...addressesIn(mail, toKeys)];
  const from = addressesIn(mail, fromKeys);
  const own = new Set(alsoTo ? [...from, ...to] : from);
  const lists = listsIn([...to, ...from]);
  return (address) => {
    const lower = address.toLowerCase();
    return own.has(lower) || lists.some((list) => isOfList(lower, list));
  };
};
