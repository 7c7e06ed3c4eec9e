import type { Member } from '../../lib/members/member.ts';
import { memberLine } from '../../lib/members/member-fields.ts';
import type { Store } from '../../lib/store/store.ts';
import { explainPreferences } from '../../lib/users/explain-preferences.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { settingText } from '../list/setting-text.ts';
import { collect } from '../user/collect.ts';
import { roleFrom, roleOption } from './role.ts';

const effective = async (member: Member, store: Store) => {
  const [list, address] = await Promise.all([
    store.lists.byId(member.list_id),
    store.addresses.get(member.email),
  ]);
  const user = address?.user_id === undefined ? undefined : await store.users.get(address.user_id);
  return explainPreferences(member, address, user, list?.settings.preferred_language ?? 'en');
};

/** What there is to say of the bounces of a member; nothing when none ever came. */
const bounceRows = (member: Member): readonly (readonly string[])[] => {
  const { bounce_score = 0, bouncing_since, bounce_why, last_bounce_received, last_warning_sent } = member;
  if (last_bounce_received === undefined && last_warning_sent === undefined) return [];
  return [
    ['bounce_score', String(bounce_score)],
    ['last_bounce_received', settingText(last_bounce_received ?? null)],
    ...(bouncing_since === undefined ? [] : [['bouncing_since', bouncing_since]]),
    ...(bounce_why === undefined ? [] : [['bounce_why', bounce_why]]),
    ['total_warnings_sent', String(member.total_warnings_sent ?? 0)],
    ...(last_warning_sent === undefined ? [] : [['last_warning_sent', last_warning_sent]]),
  ];
};

/** `member show` */
export const verb: Verb = {
  summary: 'Show what is set of a member, and where it comes from.',
  usage: 'ADDRESS',
  details: 'What the member does not say comes from the address, the user, the list or the site.',
  examples: [
    ['member show a@example.org --list ant@example.com', 'Show a member of a list.'],
    ['member show a@example.org', 'Show everything that an address is, on all lists.'],
  ],
  options: {
    list: { takes: 'LIST', doc: 'The list (all lists unless given).' },
    role: roleOption,
  },
  run: async ({ args, options, out, connect }) => {
    const [email = ''] = exactly(args, 'ADDRESS');
    const named = options.text('list');
    const role = roleFrom(options);
    const { store } = await connect();
    const found = await (async (): Promise<readonly Member[]> => {
      if (named === undefined) {
        const all = await collect(store.members.of(email));
        return options.text('role') === undefined ? all : all.filter((member) => member.role === role);
      }
      const member = await store.members.get((await findList(store, named)).list_id, role, email);
      return member === undefined ? [] : [member];
    })();
    if (found.length === 0) throw new CommandError(`${email} is no ${role} of ${named ?? 'any list'}`);
    const shown = await Promise.all(
      found.map(async (member) => ({ ...member, effective: await effective(member, store) })),
    );
    out.result(
      shown,
      shown
        .map((member) =>
          columns([
            [member.role, memberLine(member)],
            ['list_id', member.list_id],
            ['member_id', member.member_id],
            [
              'subscribed',
              `${member.user_id === undefined ? 'as address' : 'as user'}, ${member.subscribed_at}`,
            ],
            ['moderation_action', settingText(member.moderation_action ?? null)],
            ...bounceRows(member),
            ...member.effective.map(({ name, value, from }) => [name, `${settingText(value)} (${from})`]),
          ]),
        )
        .join('\n\n'),
    );
  },
};
