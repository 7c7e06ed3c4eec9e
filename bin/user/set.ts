import { randomUUID } from 'node:crypto';
import { parseFields } from '../../lib/settings/parse-fields.ts';
import type { SettingTable } from '../../lib/settings/setting.ts';
import { changePreferredAddress } from '../../lib/users/change-preferred.ts';
import { userFields, withPreferences } from '../../lib/users/preference-fields.ts';
import { spreadUserPreferences } from '../../lib/users/spread-preferences.ts';
import { waitForMove } from '../address/wait-for-move.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { assignments, firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { settingText } from '../list/setting-text.ts';
import { findUser, userObject } from './find-user.ts';

const table: SettingTable = userFields;

/** `user set` */
export const verb: Verb = {
  summary: 'Change what is set of a user.',
  usage: 'USER NAME=VALUE...',
  details: [
    'USER is an id or one of the addresses. Nothing after = takes the value away. Preferences count for every membership',
    'of every address of the user, unless address or membership say otherwise. There is:',
    columns([
      ...Object.entries(table).map(([name, { type, doc }]) => [`  ${name}`, `${doc} (${type})`]),
      ['  preferred_address', 'A verified address of the user; memberships as user follow it. (address)'],
    ]),
  ].join('\n'),
  examples: [
    ['user set anne@example.org hide_address=no', 'Show all addresses of a user in lists of members.'],
    ['user set anne@example.org preferred_address=anne@example.net', 'Move the memberships as user.'],
  ],
  options: {},
  run: async ({ args, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'USER', 'NAME=VALUE');
    const { preferred_address: preferred, ...given } = assignments(rest);
    if (Array.isArray(preferred)) throw new UsageError('preferred_address is given twice');
    if (preferred === '') throw new CommandError('preferred_address: it can be changed, but not taken away');
    const changes = parseFields('A user', table, given);
    const connection = await connect();
    const { store, clock } = connection;
    const { user_id, preferences } = await findUser(store, first);
    if (Object.keys(changes).length > 0) {
      await store.users.set(user_id, withPreferences(preferences, changes));
      await spreadUserPreferences(user_id, store);
    }
    if (typeof preferred === 'string') {
      const queues = await connection.queues();
      const change = { id: randomUUID(), userId: user_id, to: preferred };
      const message = await changePreferredAddress(change, { store, queues, clock });
      if (message !== undefined && !(await waitForMove(message, store))) {
        out.problem(
          `The memberships as user are on their way to ${preferred}; user show ${user_id} tells when they are there`,
        );
      }
    }
    const now = await findUser(store, user_id);
    const fields: Readonly<Record<string, unknown>> = { ...now, ...now.preferences };
    out.result(
      userObject(now),
      columns([
        ['user_id', user_id],
        ...rest
          .map((one) => one.slice(0, one.indexOf('=')))
          .map((name) => [name, settingText(fields[name] ?? null)]),
      ]),
    );
  },
};
