import { memberFields, memberLine, parseMemberFields } from '../../lib/members/member-fields.ts';
import type { SettingTable } from '../../lib/settings/setting.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { assignments, firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { settingText } from '../list/setting-text.ts';
import { roleFrom, roleOption } from './role.ts';

const table: SettingTable = memberFields;

/** `member set` */
export const verb: Verb = {
  summary: 'Change what is set of a member.',
  usage: 'LIST ADDRESS NAME=VALUE...',
  details: [
    'Nothing after = takes the value away, so that it is inherited again. There is:',
    columns(Object.entries(table).map(([name, { type, doc }]) => [`  ${name}`, `${doc} (${type})`])),
  ].join('\n'),
  examples: [
    ['member set ant@example.com a@example.org delivery_status=by_user', 'Send no posts to a member.'],
    ['member set ant@example.com a@example.org moderation_action=hold', 'Hold the posts of a member.'],
    ['member set ant@example.com a@example.org moderation_action=', 'Leave them to the list again.'],
  ],
  options: { role: roleOption },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST', 'ADDRESS');
    const [email = '', ...given] = rest;
    if (given.length === 0) throw new UsageError('NAME=VALUE is missing');
    const changes = parseMemberFields(assignments(given));
    const role = roleFrom(options);
    const { store } = await connect();
    const list = await findList(store, first);
    const member = await store.members.set(list.list_id, role, email, changes);
    if (member === undefined) throw new CommandError(`${email} is no ${role} of ${first}`);
    const now: Readonly<Record<string, unknown>> = member;
    out.result(
      member,
      columns([
        [role, memberLine(member)],
        ...Object.keys(changes).map((name) => [name, settingText(now[name] ?? null)]),
      ]),
    );
  },
};
