import { addressesInText } from './addresses-in-text.ts';
import { type BounceMail, headerOf } from './bounce-mail.ts';

const keys = ['from', 'sender', 'reply-to', 'return-path', 'to', 'cc', 'errors-to'];

// The tails of a list's own addresses (mailman-behaviour.md, section 2.2), and Mailman 2's.
const tails = /-(?:bounces|admin|owner|request|confirm|join|leave|subscribe|unsubscribe)$/;

/** Knows the addresses that a bounce is from and to, and those of the list that it is to: they are in most reports, and are never what failed. */
export const ownAddresses = (mail: BounceMail): ((address: string) => boolean) => {
  const given = [mail.recipient ?? '', mail.sender ?? '', ...keys.map((key) => headerOf(mail.fields, key))];
  const own = new Set(given.flatMap(addressesInText).map(({ address }) => address.toLowerCase()));
  const lists = [...own].flatMap((address) => {
    const at = address.lastIndexOf('@');
    const local = address.slice(0, at).replace(/\+.*$/, '');
    return tails.test(local) ? [{ name: local.replace(tails, ''), host: address.slice(at) }] : [];
  });
  return (address) => {
    const lower = address.toLowerCase();
    if (own.has(lower)) return true;
    return lists.some(
      ({ name, host }) =>
        lower === `${name}${host}` ||
        (lower.startsWith(`${name}-`) &&
          lower.endsWith(host) &&
          tails.test(lower.slice(0, -host.length).replace(/\+.*$/, ''))),
    );
  };
};
