import type { Member } from '../../lib/members/member.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { settingText } from '../list/setting-text.ts';
import { collect } from '../user/collect.ts';

const placeOf = ({ list_id, role, user_id }: Member): string =>
  `${role} of ${list_id}${user_id === undefined ? '' : ' (as user)'}`;

/** `address show` */
export const verb: Verb = {
  summary: 'Show an address, and what it is on all lists.',
  usage: 'ADDRESS',
  examples: [['address show anne@example.org', 'Show an address.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [email = ''] = exactly(args, 'ADDRESS');
    const { store } = await connect();
    const [known, memberships] = await Promise.all([
      store.addresses.get(email),
      collect(store.members.of(email)),
    ]);
    const [first] = memberships;
    if (known === undefined && first === undefined) throw new CommandError(`Nothing is known of ${email}`);
    out.result(
      { email: known?.email ?? first?.email, ...known, memberships },
      columns([
        ['address', known?.email ?? first?.email ?? email],
        ['display_name', settingText(known?.display_name ?? first?.display_name ?? '')],
        ['registered_on', known?.registered_on ?? '-'],
        ['verified_on', known?.verified_on ?? '-'],
        ['user', known?.user_id ?? '-'],
        ...(known?.moving_to === undefined ? [] : [['moving_to', known.moving_to]]),
        ...Object.entries(known?.preferences ?? {}).map(([name, value]) => [name, settingText(value)]),
        ...memberships.map((member, index) => [index === 0 ? 'is' : '', placeOf(member)]),
      ]),
    );
  },
};
