import type { MailingList } from '../../lib/lists/list.ts';
import { postingAddress } from '../../lib/lists/list.ts';
import type { Store } from '../../lib/store/store.ts';
import { UsageError } from '../cli/errors.ts';
import type { Option, OptionValues } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';

/** The option by which a ban concerns every list. */
export const siteOption: Readonly<Record<string, Option>> = {
  site: { doc: 'From all lists of the site, in place of LIST.' },
};

/** Where bans are looked at: on one list, or on the site. */
export interface Where {
  readonly list: MailingList | undefined;
  readonly listId: string | null;
  /** In words, such as `ant@example.com` or `all lists`. */
  readonly words: string;
}

/** Splits the arguments of a verb into what says where, and the rest. */
export const whereOf = (
  args: readonly string[],
  options: OptionValues,
): { readonly name: string | undefined; readonly rest: readonly string[] } => {
  if (options.flag('site')) return { name: undefined, rest: args };
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError('LIST is missing; or give --site');
  return { name, rest };
};

/** Finds the list that is named, or the site. */
export const findWhere = async (store: Store, name: string | undefined): Promise<Where> => {
  if (name === undefined) return { list: undefined, listId: null, words: 'all lists' };
  const list = await findList(store, name);
  return { list, listId: list.list_id, words: postingAddress(list) };
};
