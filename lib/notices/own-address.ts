import { findRecipient } from '../addresses/recipient.ts';
import type { Site } from '../config/site.ts';
import type { Store } from '../store/store.ts';

/** What telling our own addresses from others needs of the world. */
export interface OwnAddressPorts {
  readonly store: Pick<Store, 'domains' | 'lists'>;
  readonly site: Pick<Site, 'mailman' | 'mta'>;
}

/** Whether an address is a list of ours, one of its sub-addresses, or the no-reply address of a domain of ours. */
const isOwnAddress = async (address: string, { store, site }: OwnAddressPorts): Promise<boolean> => {
  const { domains, lists } = store;
  const at = address.lastIndexOf('@');
  if (address.slice(0, at).toLowerCase() === site.mailman.noreply_address.toLowerCase()) {
    return (await domains.resolve(address.slice(at + 1).toLowerCase())) !== undefined;
  }
  const found = await findRecipient(
    address,
    { resolve: domains.resolve, find: lists.find },
    site.mta.verp_delimiter,
  );
  return found !== undefined;
};

/** Those of the given addresses that are our own. Most are of domains that we do not have, which one request tells. */
export const ownAddresses = async (
  addresses: readonly string[],
  ports: OwnAddressPorts,
): Promise<ReadonlySet<string>> => {
  const asked = [...new Set(addresses)];
  const ours = await Promise.all(asked.map((address) => isOwnAddress(address, ports)));
  return new Set(asked.filter((_, index) => ours[index] === true));
};
