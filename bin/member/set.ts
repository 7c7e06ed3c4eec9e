import { memberFields, memberLine, parseMemberFields } from '../../lib/members/member-fields.ts';
import type { SettingTable } from '../../lib/settings/setting.ts';
import { type SubscriptionMode, subscribeAs, subscriptionModes } from '../../lib/users/subscribe-as.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { assignments, firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { settingText } from '../list/setting-text.ts';
import { roleFrom, roleOption } from './role.ts';

const table: SettingTable = memberFields;

/** Reads how somebody is to be subscribed. */
const modeFrom = (given: string | readonly string[] | undefined): SubscriptionMode | undefined => {
  const found = subscriptionModes.find((mode) => mode === given);
  if (given === undefined || found !== undefined) return found;
  throw new CommandError(`subscription_mode: "${given}" is not one of ${subscriptionModes.join(', ')}`);
};

/** `member set` */
export const verb: Verb = {
  summary: 'Change what is set of a member.',
  usage: 'LIST ADDRESS NAME=VALUE...',
  details: [
    'Nothing after = takes the value away, so that it is inherited again. There is:',
    columns([
      ...Object.entries(table).map(([name, { type, doc }]) => [`  ${name}`, `${doc} (${type})`]),
      [
        '  subscription_mode',
        'Whether the membership stays with the address, or follows the preferred address of its user. (one of as_address, as_user)',
      ],
    ]),
  ].join('\n'),
  examples: [
    ['member set ant@example.com a@example.org delivery_status=by_user', 'Send no posts to a member.'],
    ['member set ant@example.com a@example.org moderation_action=hold', 'Hold the posts of a member.'],
    ['member set ant@example.com a@example.org moderation_action=', 'Leave them to the list again.'],
    [
      'member set ant@example.com a@example.org subscription_mode=as_user',
      'Let the membership follow the preferred address.',
    ],
  ],
  options: { role: roleOption },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST', 'ADDRESS');
    const [email = '', ...given] = rest;
    if (given.length === 0) throw new UsageError('NAME=VALUE is missing');
    const { subscription_mode, ...fields } = assignments(given);
    const mode = modeFrom(subscription_mode);
    const changes = parseMemberFields(fields);
    const role = roleFrom(options);
    const { store } = await connect();
    const list = await findList(store, first);
    const { list_id } = list;
    const subscribed =
      mode === undefined
        ? await store.members.get(list_id, role, email)
        : await subscribeAs({ list_id, role, email }, mode, store);
    const member =
      subscribed === undefined || Object.keys(changes).length === 0
        ? subscribed
        : await store.members.set(list_id, role, email, changes);
    if (member === undefined) throw new CommandError(`${email} is no ${role} of ${first}`);
    const now: Readonly<Record<string, unknown>> = member;
    out.result(
      member,
      columns([
        [role, memberLine(member)],
        ...(mode === undefined ? [] : [['subscription_mode', mode]]),
        ...Object.keys(changes).map((name) => [name, settingText(now[name] ?? null)]),
      ]),
    );
  },
};
