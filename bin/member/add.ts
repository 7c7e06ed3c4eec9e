import { planMembers } from '../../lib/members/change-members.ts';
import { readLines } from '../../lib/members/read-lines.ts';
import { firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { linesFrom } from './lines.ts';
import { runMassChange } from './mass-change.ts';
import { massOptions, updateOption, welcomeOption } from './mass-options.ts';
import { roleFrom, roleOption } from './role.ts';
import { refuseGreetingWith, saidFrom, saidOptions } from './wishes.ts';

/** `member add` */
export const verb: Verb = {
  summary: 'Add addresses to a list, without writing to them.',
  usage: 'LIST [ADDRESS...]',
  details: [
    'Without addresses and --file, they are read from standard input, one a line: a@example.org,',
    'Anne <a@example.org>, "Person, Anne" <a@example.org>; blank lines and lines that begin with # are skipped.',
    'Lines that are no addresses, and banned addresses, are reported with their numbers, and the others are added.',
    'Who is on the list already stays as they are, so that the same command can be given again: after an end in the',
    'middle it goes on. Who was on the list within a year has again what they had then.',
  ].join('\n'),
  examples: [
    ['member add ant@example.com a@example.org "Bea <b@example.org>"', 'Add two members.'],
    ['member add ant@example.com --file members.txt', 'Add the members that a file names.'],
    ['member add ant@example.com --file members.txt --dry-run', 'See who would be added.'],
    ['member add ant@example.com --role owner anne@example.com', 'Add an owner.'],
  ],
  options: {
    role: roleOption,
    file: { takes: 'FILE', doc: 'A file with one address a line; - is standard input.' },
    ...saidOptions,
    update: updateOption,
    welcome: welcomeOption,
    ...massOptions,
  },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST');
    const role = roleFrom(options);
    const said = saidFrom(options);
    refuseGreetingWith(options);
    const update = options.flag('update');
    const context = await connect();
    const list = await findList(context.store, first);
    const { lines, called } = linesFrom(rest, options.text('file'));
    const planned = await planMembers(list, readLines(lines, role, said), context, { update });
    const change = { list, planned, called, role, updates: update, more: { role } };
    await runMassChange(change, context, options, out);
  },
};
