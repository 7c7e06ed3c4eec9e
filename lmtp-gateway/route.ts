import { meaningfulDetail, type Recipient } from '../lib/addresses/recipient.ts';
import type { Envelope, Subaddress } from '../lib/queue/messages.ts';
import type { ArrivalQueue } from '../lib/queue/names.ts';
import type { AcceptedRecipient } from './lmtp-door.ts';

/** One mail that a transaction becomes: all its recipients that mean the same. */
export interface Destination {
  readonly recipient: Recipient;
  readonly envelope: Envelope;
  /** Which recipients of the transaction these are, by position. */
  readonly positions: readonly number[];
}

/** What tells one destination from another (design, rule 4). */
export const destinationParts = (recipient: Recipient): readonly string[] => [
  recipient.list.list_id,
  recipient.subaddress ?? '',
  meaningfulDetail(recipient) ?? '',
];

/** The destinations of a transaction, in the order of their first recipients; unknown recipients have none. */
export const destinationsOf = (
  sender: string,
  recipients: readonly AcceptedRecipient[],
): readonly Destination[] => {
  const found = new Map<string, Destination & { readonly positions: number[] }>();
  for (const [position, { address, recipient }] of recipients.entries()) {
    if (recipient === undefined) continue;
    const key = JSON.stringify(destinationParts(recipient));
    const known = found.get(key);
    if (known !== undefined) {
      known.positions.push(position);
      continue;
    }
    const detail = recipient.detail === undefined ? {} : { detail: recipient.detail };
    found.set(key, { recipient, envelope: { sender, recipient: address, ...detail }, positions: [position] });
  }
  return [...found.values()];
};

/** What the address of a mail says about it. */
interface AddressMetadata {
  readonly to_list?: true;
  readonly to_owner?: true;
  readonly to_request?: true;
  readonly subaddress?: Subaddress;
  readonly envsender?: string;
}

/** Where a mail to a sub-address goes, and what is noted of it (mailman-behaviour.md, section 2.3). */
export const route = (
  { subaddress }: Recipient,
  siteOwner: string,
): { readonly queue: ArrivalQueue; readonly metadata: AddressMetadata } => {
  if (subaddress === undefined) return { queue: 'in', metadata: { to_list: true } };
  if (subaddress === 'owner') {
    return { queue: 'in', metadata: { subaddress, to_owner: true, envsender: siteOwner } };
  }
  if (subaddress === 'bounces') return { queue: 'bounces', metadata: { subaddress } };
  if (subaddress === 'request') return { queue: 'command', metadata: { subaddress, to_request: true } };
  return { queue: 'command', metadata: { subaddress } };
};
