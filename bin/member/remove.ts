import { postingAddress } from '../../lib/lists/list.ts';
import { carryOut } from '../../lib/members/carry-out.ts';
import { collectWishes } from '../../lib/members/collect-wishes.ts';
import { presentMembers } from '../../lib/members/present-members.ts';
import { readLines } from '../../lib/members/read-lines.ts';
import { sendWishes, splitChange } from '../../lib/members/with-mail.ts';
import { firstAndRest } from '../cli/parse.ts';
import { everyThousand } from '../cli/progress.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { difference, differenceValue } from './difference.ts';
import { linesFrom } from './lines.ts';
import { goodbyeOption, massOptions, shownFrom } from './mass-options.ts';
import { roleFrom, roleOption } from './role.ts';

// A file that is given again names only people who are gone; a hundred thousand lines would tell nobody more than these.
const mostAbsent = 20;

/** `member remove` */
export const verb: Verb = {
  summary: 'Take addresses off a list, without writing to them.',
  usage: 'LIST [ADDRESS...]',
  details: [
    'Addresses are given as for member add. Who is not on the list is reported, and the others are taken off. What a member had is',
    'remembered for a year. After an end in the middle, the same command goes on.',
  ].join('\n'),
  examples: [
    ['member remove ant@example.com a@example.org', 'Take a member off a list.'],
    ['member remove ant@example.com --file left.txt', 'Take off whom a file names.'],
  ],
  options: {
    role: roleOption,
    file: { takes: 'FILE', doc: 'A file with one address a line; - is standard input.' },
    goodbye: goodbyeOption,
    ...massOptions,
  },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST');
    const role = roleFrom(options);
    const dry = options.flag('dry-run');
    const shown = shownFrom(options);
    const connection = await connect();
    const { store, clock } = connection;
    const list = await findList(store, first);
    const { lines, called } = linesFrom(rest, options.text('file'));
    const { wanted, invalid } = await collectWishes(readLines(lines, role));
    const present = await presentMembers(store, list.list_id, new Set([role]), [...wanted.values()]);
    const remove = [...wanted.keys()].flatMap((key) => present.get(key) ?? []);
    const absent = [...wanted].flatMap(([key, { line, email }]) =>
      present.has(key) ? [] : [{ line, reason: `${email} is no ${role} of ${postingAddress(list)}` }],
    );
    const planned = { add: [], change: [], nonmembers: [], refused: [], already: 0, differing: 0, remove };
    const mailed = { welcome: false, goodbye: options.flag('goodbye'), by: 'command line' };
    const { plan, wishes } = splitChange(list, planned, mailed, clock.now());
    const progress = everyThousand(out, (count) => `${count} of ${remove.length} done`);
    const removed = dry
      ? plan.remove.length
      : (await carryOut(list, plan, { store, clock }, progress.step)).removed;
    if (!dry && wishes.length > 0) await sendWishes(wishes, await connection.queues(), progress.step);
    progress.end();
    const problems = [...invalid.map(({ line, reason }) => ({ line, reason })), ...absent].sort(
      (a, b) => a.line - b.line,
    );
    for (const { line, reason } of absent.length > mostAbsent ? invalid : problems) {
      out.problem(`${called} ${line}: ${reason}`);
    }
    if (absent.length > mostAbsent) {
      out.problem(`${absent.length} are no ${role}s of ${postingAddress(list)}; --json names them`);
    }
    const where = postingAddress(list);
    out.result(
      {
        list_id: list.list_id,
        role,
        dry_run: dry,
        removed,
        on_the_way: wishes.length,
        problems,
        ...(dry ? { difference: differenceValue(planned) } : {}),
      },
      [
        ...(dry ? difference(planned, shown) : []),
        [
          `${dry ? 'Would remove' : 'Removed'} ${removed} ${role}${removed === 1 ? '' : 's'} from ${where}.`,
          ...(wishes.length > 0
            ? [`${wishes.length} ${wishes.length === 1 ? 'is' : 'are'} on the way, with a mail to each.`]
            : []),
        ].join(' '),
      ].join('\n'),
    );
  },
};
