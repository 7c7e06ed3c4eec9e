import type { MailingList } from '../../lib/lists/list.ts';
import type { Store } from '../../lib/store/store.ts';
import { CommandError } from '../cli/errors.ts';

/**
 * The list that a person means by its posting address, also on an alias domain, or by its list id.
 * @throws CommandError when there is none.
 */
export const findList = async (store: Store, named: string): Promise<MailingList> => {
  const name = named.trim().toLowerCase();
  const at = name.lastIndexOf('@');
  const found = at === -1 ? await store.lists.byId(name) : await findByAddress(store, name, at);
  if (found === undefined) throw new CommandError(`There is no list ${named}`);
  return found;
};

const findByAddress = async (store: Store, name: string, at: number): Promise<MailingList | undefined> => {
  const list = await store.lists.find(name);
  const host = list === undefined ? await store.domains.resolve(name.slice(at + 1)) : list.mail_host;
  if (host === undefined) return undefined;
  const fqdn = `${name.slice(0, at)}@${host}`;
  // What a list counts by itself is read by its id alone.
  const named = list ?? (await store.lists.find(fqdn));
  return named === undefined ? undefined : store.lists.byId(named.list_id);
};
