import { randomUUID } from 'node:crypto';
import { changeAddress } from '../../lib/users/change-address.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { collect } from '../user/collect.ts';
import { waitForMove } from './wait-for-move.ts';

/** `address change` */
export const verb: Verb = {
  summary: 'Put an address in the place of another one, on all lists.',
  usage: 'OLD NEW',
  details: [
    'Memberships in all roles, with everything that is set of them, open requests, preferences and the user go along. Where',
    'the new address is a member already, what is set there counts, and the stricter moderation of both. The new address',
    'need not be verified. Given again, the command goes on where it was.',
  ].join('\n'),
  examples: [['address change anne@example.org anne@example.net', 'Somebody has a new address.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [from = '', to = ''] = exactly(args, 'OLD', 'NEW');
    const connection = await connect();
    const { store, clock } = connection;
    const queues = await connection.queues();
    const message = await changeAddress(
      { id: randomUUID(), from, to, administrator: true },
      { store, queues, clock },
    );
    if (!(await waitForMove(message, store))) {
      out.problem(`The change is on its way and is not lost; address show ${from} tells when it is done`);
      return;
    }
    const memberships = await collect(store.members.of(to));
    out.result(
      { from: message.from, to: message.to, memberships },
      `${message.to} is in the place of ${message.from}, with ${memberships.length} membership${memberships.length === 1 ? '' : 's'}.`,
    );
  },
};
