import { addressKey } from '../../addresses/email-address.ts';
import type { DeliveryPlan } from '../../delivery/delivery-plan.ts';
import { addressesIn, formatAddressList, type Mailbox } from '../../mail/address-list.ts';
import type { HeaderBlock } from '../../mail/header-block.ts';
import { applyEdits, type HeaderEdit, replace } from '../../mail/header-edits.ts';
import { purposeAddress } from '../list-address.ts';
import type { CopyStep } from './copy-step.ts';

const hostOf = (address: string): string => addressKey(address.slice(address.lastIndexOf('@') + 1));

const same = (one: string, other: string): boolean => addressKey(one) === addressKey(other);

/** The address of ours in whose name a mail leaves: a post in that of its list, what is between people and owners never. */
const ownAddress = ({ voice, list }: DeliveryPlan): string =>
  voice === 'post' ? list.address : purposeAddress(list.address, 'owner');

/** Whether a mail already speaks as it may. A notice may speak as any address of its list's domain but the posting address. */
const speaksAsItMay = (authors: readonly Mailbox[], plan: DeliveryPlan): boolean => {
  const [author, another] = authors;
  if (author === undefined || another !== undefined) return false;
  if (plan.voice !== 'notice') return same(author.address, ownAddress(plan));
  return hostOf(author.address) === hostOf(plan.list.address) && !same(author.address, plan.list.address);
};

/** A name without the mail domain at its end: a second domain in From looks like forgery to filters (mailman-behaviour.md, section 9.2). */
const withoutDomain = (name: string): string => {
  const at = name.lastIndexOf('@');
  return at >= 0 && /^[^\s@.]+(\.[^\s@.]+)+$/.test(name.slice(at + 1)) ? `${name.slice(0, at)}---` : name;
};

const nameOf = (author: Mailbox | undefined): string =>
  author === undefined ? '' : withoutDomain(author.name.trim() || author.address);

const munged = (authors: readonly Mailbox[], plan: DeliveryPlan): Mailbox => {
  const address = ownAddress(plan);
  const list = plan.list.name || plan.list.address.slice(0, plan.list.address.lastIndexOf('@'));
  const name = nameOf(authors[0]);
  return { name: name === '' ? list : `${name} via ${list}`, address };
};

/** Puts the authors where answers find them: into Reply-To, or into Cc where the list wants answers elsewhere. */
const authorsShown = (
  mail: HeaderBlock,
  authors: readonly Mailbox[],
  { voice, answers_to_author, list }: DeliveryPlan,
): readonly HeaderEdit[] => {
  const name = voice !== 'post' || answers_to_author !== false ? 'Reply-To' : 'Cc';
  const there = addressesIn(mail, name.toLowerCase());
  const seen = new Set([list.address, ...there.map(({ address }) => address)].map(addressKey));
  const added = authors.filter(({ address }) => {
    const fresh = !seen.has(addressKey(address));
    seen.add(addressKey(address));
    return fresh;
  });
  return added.length === 0 ? [] : replace(name, formatAddressList([...there, ...added]));
};

/**
 * Amazon SES sends in the name of verified domains only, so that From becomes an address of ours, as Mailman's DMARC handler makes it
 * (mailman-behaviour.md, section 9.2). It is done whatever the domain of the author, so that a list does not look different from mail to mail.
 */
export const mungeFrom: CopyStep = (mail, plan) => {
  const authors = addressesIn(mail, 'from').filter(({ address }) => address.includes('@'));
  if (speaksAsItMay(authors, plan)) return mail;
  return applyEdits(mail, [
    ...authorsShown(mail, authors, plan),
    ...replace('From', formatAddressList([munged(authors, plan)])),
  ]);
};
