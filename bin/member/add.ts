import { postingAddress } from '../../lib/lists/list.ts';
import { addMembers } from '../../lib/members/add-members.ts';
import { deliveryModes } from '../../lib/members/member.ts';
import { UsageError } from '../cli/errors.ts';
import { firstAndRest } from '../cli/parse.ts';
import { everyThousand } from '../cli/progress.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { linesFrom } from './lines.ts';
import { roleFrom, roleOption } from './role.ts';

/** `member add` */
export const verb: Verb = {
  summary: 'Add addresses to a list, without writing to them.',
  usage: 'LIST [ADDRESS...]',
  details: [
    'Without addresses and --file, they are read from standard input, one a line: a@example.org,',
    'Anne <a@example.org>, "Person, Anne" <a@example.org>; blank lines and lines that begin with # are skipped.',
    'Lines that are no addresses are reported with their numbers, and the others are added. Who is on the list',
    'already stays as they are, so that the same command can be given again.',
  ].join('\n'),
  examples: [
    ['member add ant@example.com a@example.org "Bea <b@example.org>"', 'Add two members.'],
    ['member add ant@example.com --file members.txt', 'Add the members that a file names.'],
    ['member add ant@example.com --role owner anne@example.com', 'Add an owner.'],
  ],
  options: {
    role: roleOption,
    file: { takes: 'FILE', doc: 'A file with one address a line; - is standard input.' },
    mode: { takes: 'MODE', doc: `How posts come: ${deliveryModes.join(', ')} (regular unless given).` },
  },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST');
    const role = roleFrom(options);
    const mode = options.text('mode');
    const delivery_mode = deliveryModes.find((one) => one === mode);
    if (mode !== undefined && delivery_mode === undefined) {
      throw new UsageError(`"${mode}" is not a delivery mode; there is ${deliveryModes.join(', ')}`);
    }
    const { store, clock } = await connect();
    const list = await findList(store, first);
    const { lines, called } = linesFrom(rest, options.text('file'));
    const progress = everyThousand(out, (count) => `Added ${count} addresses`);
    const { added, already, invalid } = await addMembers({ store, clock }, list, lines, {
      role,
      delivery_mode,
      onProgress: (now) => progress.step(now.added + now.already),
    });
    progress.end();
    for (const { line, reason } of invalid) out.problem(`${called} ${line}: ${reason}`);
    const kind = (count: number): string => `${count} ${role}${count === 1 ? '' : 's'}`;
    out.result(
      { list_id: list.list_id, role, added, already, invalid },
      [
        `Added ${kind(added)} to ${postingAddress(list)}.`,
        ...(already > 0 ? [`${already} had that role already.`] : []),
        ...(invalid.length > 0 ? [`${invalid.length} could not be added.`] : []),
      ].join(' '),
    );
  },
};
