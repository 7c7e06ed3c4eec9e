import type { ShuntItem } from '../../lib/posts/mail-record.ts';
import type { Store } from '../../lib/store/store.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import type { Option } from '../cli/verb.ts';

/** The option by which everything in the shunt is meant. */
export const allOption: Option = { doc: 'Everything in the shunt.' };

/** The items that a person means by their ids, or all of them. Throws when one does not exist. */
export const wantedItems = async (
  store: Store,
  ids: readonly string[],
  all: boolean,
): Promise<readonly ShuntItem[]> => {
  if (all !== (ids.length === 0)) throw new UsageError('Name the ids of items, or give --all');
  const items: ShuntItem[] = [];
  if (all) for await (const item of store.shunt.ls()) items.push(item);
  for (const id of ids) items.push(await findItem(store, id));
  return items;
};

/** One item of the shunt. */
export const findItem = async (store: Store, id: string): Promise<ShuntItem> => {
  const item = await store.shunt.get(id);
  if (item === undefined) throw new CommandError(`There is no item ${id} in the shunt`);
  return item;
};
