import { parseFields } from '../../lib/settings/parse-fields.ts';
import type { SettingTable } from '../../lib/settings/setting.ts';
import { addressFields, withPreferences } from '../../lib/users/preference-fields.ts';
import { spreadPreferences } from '../../lib/users/spread-preferences.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { assignments, firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { settingText } from '../list/setting-text.ts';
import { findAddress } from './known.ts';

const table: SettingTable = addressFields;

/** `address set` */
export const verb: Verb = {
  summary: 'Change what an address wishes on all lists.',
  usage: 'ADDRESS NAME=VALUE...',
  details: [
    'It counts for every membership of the address that does not say otherwise itself. Nothing after = takes the value away,',
    'so that it is inherited from the user. There is:',
    columns(Object.entries(table).map(([name, { type, doc }]) => [`  ${name}`, `${doc} (${type})`])),
  ].join('\n'),
  examples: [
    ['address set anne@example.org delivery_status=by_user', 'Send an address no posts of any list.'],
    ['address set anne@example.org delivery_status=', 'Send them again.'],
  ],
  options: {},
  run: async ({ args, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'ADDRESS', 'NAME=VALUE');
    const changes = parseFields('An address', table, assignments(rest));
    const { store, clock } = await connect();
    const { email, preferences } = await findAddress(first, { store, clock });
    const address = await store.addresses.set(email, withPreferences(preferences, changes));
    if (address === undefined) throw new CommandError(`${first} was removed just now`);
    await spreadPreferences(email, store);
    const now: Readonly<Record<string, unknown>> = { ...address, ...address.preferences };
    out.result(
      address,
      columns([
        ['address', email],
        ...Object.keys(changes).map((name) => [name, settingText(now[name] ?? null)]),
      ]),
    );
  },
};
