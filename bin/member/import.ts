import { fileText } from '../../lib/imports/file-text.ts';
import { formatOf, importFormats, readImport } from '../../lib/imports/read-import.ts';
import { planMembers } from '../../lib/members/change-members.ts';
import { UsageError } from '../cli/errors.ts';
import { fileBytes } from '../cli/file-bytes.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { runMassChange } from './mass-change.ts';
import { massOptions, updateOption } from './mass-options.ts';
import { roleFrom, roleOption } from './role.ts';
import { saidFrom, saidOptions } from './wishes.ts';

/** `member import` */
export const verb: Verb = {
  summary:
    'Take the members of a list over from Mailman 2, Mailman 3 or Google Groups, without writing to them.',
  usage: 'LIST FILE',
  details: [
    'FILE is what list_members of Mailman 2 prints, pages of a roster from the REST API of Mailman 3 (also one behind the',
    'other), or the members that Google Groups exports as CSV; - is standard input. Delivery mode, stopped delivery and',
    'moderation are kept. A line with something that Belfry does not know is reported and not taken over; the others are.',
    'Who is on the list already stays as they are unless --update is given. After an end in the middle, the same command goes on.',
    'docs/migrating.md tells how to move a list, and what is not kept.',
  ].join('\n'),
  examples: [
    ['member import ant@example.com members.csv --dry-run', 'See what would be taken over.'],
    ['member import ant@example.com roster.json', 'Take a roster of Mailman 3 over.'],
    [
      'member import ant@example.com digest.txt --mode plaintext_digests',
      'Those who get digests, from Mailman 2.',
    ],
    ['member import ant@example.com stopped.txt --status by_user --update', 'Those who stopped their mail.'],
  ],
  options: {
    format: { takes: 'FORMAT', doc: `auto, ${importFormats.join(', ')} (auto unless given).` },
    role: {
      ...roleOption,
      doc: 'Of files of Mailman 2: member, owner, moderator or nonmember (member unless given).',
    },
    ...saidOptions,
    update: updateOption,
    ...massOptions,
  },
  run: async ({ args, options, out, connect }) => {
    const [name = '', file = ''] = exactly(args, 'LIST', 'FILE');
    const role = roleFrom(options);
    const said = saidFrom(options);
    const update = options.flag('update');
    const given = options.text('format') ?? 'auto';
    const asked = importFormats.find((one) => one === given);
    if (asked === undefined && given !== 'auto') {
      throw new UsageError(`"${given}" is not a format; there is auto, ${importFormats.join(', ')}`);
    }
    const text = fileText(await fileBytes(file));
    const format = asked ?? formatOf(text);
    if (format !== 'mailman2' && options.text('role') !== undefined) {
      throw new UsageError('--role is for files of Mailman 2; this file says the roles itself');
    }
    const { wishes, notKept } = await readImport(text, format, { role, said });
    const context = await connect();
    const list = await findList(context.store, name);
    const planned = await planMembers(list, wishes, context, { update });
    const called = format === 'mailman3' ? 'member' : 'line';
    const more = { format, not_kept: notKept };
    await runMassChange(
      { list, planned, called, role, updates: update, more, notes: notKept },
      context,
      options,
      out,
    );
  },
};
