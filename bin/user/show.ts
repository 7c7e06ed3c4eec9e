import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { settingText } from '../list/setting-text.ts';
import { collect } from './collect.ts';
import { findUser, userObject } from './find-user.ts';

/** `user show` */
export const verb: Verb = {
  summary: 'Show a user.',
  usage: 'USER',
  details: 'USER is an id or one of the addresses.',
  examples: [['user show anne@example.org', 'Show the user who has an address.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [named = ''] = exactly(args, 'USER');
    const { store } = await connect();
    const user = await findUser(store, named);
    const addresses = (await collect(store.addresses.of(user.user_id))).map(({ email }) => email);
    out.result(
      { ...userObject(user), addresses },
      columns([
        ['user_id', user.user_id],
        ['display_name', settingText(user.display_name)],
        ['preferred_address', user.preferred_address ?? '-'],
        ['addresses', settingText(addresses)],
        ['is_server_owner', settingText(user.is_server_owner)],
        ['created_on', user.created_on],
        ...Object.entries(user.preferences).map(([name, value]) => [name, settingText(value)]),
      ]),
    );
  },
};
