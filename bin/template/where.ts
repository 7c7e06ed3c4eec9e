import type { Store } from '../../lib/store/store.ts';
import { type TextName, textNames } from '../../lib/templates/all-texts.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import type { Option, OptionValues } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';

/** Where a text can be set, as options of a verb. */
export const whereOptions: Readonly<Record<string, Option>> = {
  list: { takes: 'LIST', doc: 'The text of this list.' },
  domain: { takes: 'HOST', doc: 'The text of all lists of this domain.' },
  site: { doc: 'The text of all lists.' },
};

/** A place that can have texts of its own: how the store calls it, and how a person does. */
export interface Where {
  readonly key: string;
  readonly called: string;
}

const site: Where = { key: 'site', called: 'the site' };
const domain = (host: string): Where => ({ key: `@${host}`, called: `the domain ${host}` });

/**
 * The place that was named, and behind it those whose texts stand in where it has none; none of them when none was named.
 * @throws UsageError for more than one; CommandError when there is no such list or domain.
 */
export const placesFrom = async (
  options: OptionValues,
  connect: () => Promise<Store>,
): Promise<readonly Where[]> => {
  const [list, host, wide] = [options.text('list'), options.text('domain'), options.flag('site')];
  if ([list !== undefined, host !== undefined, wide].filter(Boolean).length > 1) {
    throw new UsageError('Only one of --list, --domain and --site can be given');
  }
  if (wide) return [site];
  if (host !== undefined) {
    const known = await (await connect()).domains.resolve(host.toLowerCase());
    if (known === undefined) throw new CommandError(`There is no domain ${host}`);
    return [domain(known), site];
  }
  if (list === undefined) return [];
  const { list_id, mail_host } = await findList(await connect(), list);
  return [{ key: list_id, called: `the list ${list_id}` }, domain(mail_host), site];
};

/** The one place whose text is to be changed. */
export const placeFrom = async (options: OptionValues, connect: () => Promise<Store>): Promise<Where> => {
  const [place] = await placesFrom(options, connect);
  if (place === undefined) throw new UsageError('One of --list, --domain and --site is missing');
  return place;
};

/** The text that a person means. */
export const templateNamed = (name: string): TextName => {
  const found = textNames.find((one) => one === name);
  if (found === undefined) {
    throw new CommandError(`There is no text "${name}"; template ls names them all`);
  }
  return found;
};
