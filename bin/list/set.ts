import { parseListSettings } from '../../lib/lists/parse-settings.ts';
import { listSettings } from '../../lib/lists/settings.ts';
import type { SettingTable } from '../../lib/settings/setting.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from './find-list.ts';
import { givenSettings } from './given-settings.ts';
import { settingText } from './setting-text.ts';

const table: SettingTable = listSettings;

/** `list set` */
export const verb: Verb = {
  summary: 'Change settings of a list.',
  usage: 'LIST NAME=VALUE...',
  details: [
    'All settings are in docs/list-settings.md. Yes and no are written yes, no, true, false, on, off, 1, 0;',
    'spans of time like 7d or 12h; a list is its name several times, or nothing: filter_types= empties it.',
    'All values are checked before any is set.',
  ].join('\n'),
  examples: [
    ['list set ant@example.com post_id=120', 'Let the next post be number 120.'],
    ['list set ant@example.com "description=About ants" advertised=no', 'Set two settings.'],
    [
      'list set ant@example.com acceptable_aliases=ants@example.com acceptable_aliases=^emmet@',
      'Set a list of two aliases.',
    ],
  ],
  options: {},
  run: async ({ args, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST', 'NAME=VALUE');
    const changes = parseListSettings(givenSettings(rest));
    const { store } = await connect();
    const { list_id } = await findList(store, first);
    const list = await store.lists.set(list_id, changes);
    if (list === undefined) throw new CommandError(`There is no list ${first}`);
    const now = Object.entries(list.settings).filter(([name]) => Object.hasOwn(changes, name));
    out.result(
      { list_id, settings: Object.fromEntries(now) },
      columns(now.map(([name, value]) => [name, settingText(value, table[name])])),
    );
  },
};
