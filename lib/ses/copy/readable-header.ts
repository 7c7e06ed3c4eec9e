import { isAscii } from 'node:buffer';
import { domainToASCII } from 'node:url';
import { formatAddressList, type Mailbox, parseAddressList } from '../../mail/address-list.ts';
import { fieldFrom, type HeaderField, unfolded } from '../../mail/header-block.ts';
import { isWellFormed } from '../recipient.ts';
import type { CopyStep } from './copy-step.ts';

/** Those whose addresses SES reads, and for one of which that it cannot read it refuses the mail. */
const addressFields: ReadonlySet<string> = new Set(['from', 'to', 'cc', 'reply-to']);
const otherAddressFields: ReadonlySet<string> = new Set(['resent-from', 'resent-to', 'resent-cc']);

/** An address as servers without SMTPUTF8 know it; none when it has no such form, or is no address. */
const readable = ({ name, address }: Mailbox): readonly Mailbox[] => {
  const at = address.lastIndexOf('@');
  const known = `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
  if (isWellFormed(address)) return [{ name, address }];
  return isWellFormed(known) ? [{ name, address: known }] : [];
};

const withReadable = (field: HeaderField): readonly HeaderField[] => {
  const mailboxes = parseAddressList(unfolded(field));
  const changed = mailboxes.some(({ address }) => !isWellFormed(address));
  if (!changed && isAscii(field.raw)) return [field];
  const kept = mailboxes.flatMap(readable);
  return kept.length === 0 ? [] : [fieldFrom(field.name, formatAddressList(kept))];
};

const inAscii = (field: HeaderField): readonly HeaderField[] => {
  if (addressFields.has(field.key)) return withReadable(field);
  if (isAscii(field.raw)) return [field];
  return otherAddressFields.has(field.key) ? withReadable(field) : [fieldFrom(field.name, unfolded(field))];
};

/**
 * SES knows no SMTPUTF8, and refuses a mail that names what is no address. So raw 8-bit headers (RFC 6532) become encoded words, domains get their ASCII
 * form, and what is no address even then is named no more. Fields without any of this stay as they are.
 */
export const readableHeader: CopyStep = ({ fields, rest }) => ({ fields: fields.flatMap(inAscii), rest });
