import { postingAddress } from '../../lib/lists/list.ts';
import { planMembers } from '../../lib/members/change-members.ts';
import { readLines } from '../../lib/members/read-lines.ts';
import { CommandError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { linesFrom } from './lines.ts';
import { runMassChange } from './mass-change.ts';
import { goodbyeOption, massOptions, updateOption, welcomeOption } from './mass-options.ts';
import { roleFrom, roleOption } from './role.ts';
import { refuseGreetingWith, saidFrom, saidOptions } from './wishes.ts';

/** `member sync` */
export const verb: Verb = {
  summary: 'Make the members of a list those that a file names, without writing to them.',
  usage: 'LIST',
  details: [
    'The file is as for member add. Who is in it and not on the list is added; who is on the list and not in it is removed,',
    'and has again what they had when they are in a later file. When more than half would be removed nothing is changed',
    'unless --yes is given, since then the file is more often wrong than right. After an end in the middle, the same command goes on.',
  ].join('\n'),
  examples: [
    ['member sync ant@example.com --file staff.txt --dry-run', 'See who would come and go.'],
    ['member sync ant@example.com --file staff.txt', 'Make it so.'],
    ['member sync ant@example.com --file staff.txt --update', 'Take changed names over as well.'],
  ],
  options: {
    role: roleOption,
    file: { takes: 'FILE', doc: 'A file with one address a line; - is standard input (unless given).' },
    yes: { doc: 'Remove them even when they are more than half.' },
    ...saidOptions,
    update: updateOption,
    welcome: welcomeOption,
    goodbye: goodbyeOption,
    ...massOptions,
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const role = roleFrom(options);
    const said = saidFrom(options);
    refuseGreetingWith(options);
    const update = options.flag('update');
    const context = await connect();
    const list = await findList(context.store, name);
    const { lines, called } = linesFrom([], options.text('file'));
    const planned = await planMembers(list, readLines(lines, role, said), context, {
      update,
      onlyThese: role,
    });
    const { before, plan } = planned;
    if (plan.remove.length * 2 > before && !options.flag('yes') && !options.flag('dry-run')) {
      throw new CommandError(
        `This would remove ${plan.remove.length} of ${before} ${role}s of ${postingAddress(list)}, and nothing was changed; look at it with --dry-run, and give --yes if it is meant`,
      );
    }
    const change = { list, planned, called, role, updates: update, more: { role } };
    await runMassChange(change, context, options, out);
  },
};
