import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { userObject } from './find-user.ts';

/** `user ls` */
export const verb: Verb = {
  summary: 'Name the users of this site.',
  usage: '',
  details: 'A user is a person with one or more addresses. An address can be a member without any.',
  examples: [['user ls', 'Name all users.']],
  options: {},
  run: async ({ args, out, connect }) => {
    exactly(args);
    const { store } = await connect();
    const users = (async function* () {
      for await (const user of store.users.ls()) yield userObject(user);
    })();
    await out.items(
      users,
      ({ user_id, preferred_address, display_name }) =>
        [user_id, preferred_address ?? '-', display_name].join('  ').trimEnd(),
      'There are no users.',
    );
  },
};
