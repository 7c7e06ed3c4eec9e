import { postingAddress } from '../../lib/lists/list.ts';
import { listSettings } from '../../lib/lists/settings.ts';
import type { SettingTable } from '../../lib/settings/setting.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from './find-list.ts';
import { listObject } from './list-object.ts';
import { settingText } from './setting-text.ts';

const table: SettingTable = listSettings;

/** `list show` */
export const verb: Verb = {
  summary: 'Show a list and its settings.',
  usage: 'LIST [SETTING...]',
  details: 'LIST is a posting address or a list id. With names of settings, only those are shown.',
  examples: [
    ['list show ant@example.com', 'Show everything about a list.'],
    ['list show ant@example.com post_id', 'Show the number that the next post gets.'],
    ['list show ant@example.com --changed', 'Show what was set otherwise than Mailman sets it.'],
  ],
  options: { changed: { doc: 'Only settings that differ from their defaults.' } },
  run: async ({ args, options, out, connect }) => {
    const { first, rest: names } = firstAndRest(args, 'LIST');
    const unknown = names.find((name) => !Object.hasOwn(table, name));
    if (unknown !== undefined) throw new CommandError(`There is no list setting "${unknown}"`);
    const { store } = await connect();
    const list = await findList(store, first);
    const wanted = Object.entries(list.settings).filter(
      ([name, value]) =>
        (names.length === 0 || names.includes(name)) &&
        (!options.flag('changed') || JSON.stringify(value) !== JSON.stringify(table[name]?.fallback)),
    );
    const rows = wanted.map(([name, value]) => [name, settingText(value, table[name])]);
    const head = [
      ['list', postingAddress(list)],
      ['list_id', list.list_id],
      ['created_at', list.created_at],
    ];
    out.result(
      { ...listObject(list), settings: Object.fromEntries(wanted) },
      columns(names.length === 0 ? [...head, ...rows] : rows),
    );
  },
};
