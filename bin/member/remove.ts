import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';
import { postingAddress } from '../../lib/lists/list.ts';
import { parseMemberLine } from '../../lib/members/member-line.ts';
import { firstAndRest } from '../cli/parse.ts';
import { everyThousand } from '../cli/progress.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { linesFrom } from './lines.ts';
import { roleFrom, roleOption } from './role.ts';

// As many as in adding members.
const atOnce = 32;

const numbered = async function* (lines: AsyncIterable<string> | Iterable<string>) {
  let line = 0;
  for await (const text of lines) {
    line += 1;
    yield { line, parsed: parseMemberLine(text) };
  }
};

/** `member remove` */
export const verb: Verb = {
  summary: 'Take addresses off a list, without writing to them.',
  usage: 'LIST [ADDRESS...]',
  details:
    'Addresses are given as for member add. Who is not on the list is reported, and the others are taken off.',
  examples: [
    ['member remove ant@example.com a@example.org', 'Take a member off a list.'],
    ['member remove ant@example.com --file left.txt', 'Take off whom a file names.'],
  ],
  options: {
    role: roleOption,
    file: { takes: 'FILE', doc: 'A file with one address a line; - is standard input.' },
  },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST');
    const role = roleFrom(options);
    const { store } = await connect();
    const list = await findList(store, first);
    const { lines, called } = linesFrom(rest, options.text('file'));
    const progress = everyThousand(out, (count) => `Removed ${count} addresses`);
    const problems: { readonly line: number; readonly reason: string }[] = [];
    let removed = 0;
    await forEachAtOnce(numbered(lines), atOnce, async ({ line, parsed }) => {
      if (parsed.kind === 'nothing') return;
      if (parsed.kind === 'invalid') {
        problems.push({ line, reason: parsed.reason });
      } else if (await store.members.remove(list.list_id, role, parsed.email)) {
        removed += 1;
        progress.step(removed);
      } else {
        problems.push({ line, reason: `${parsed.email} is no ${role} of ${postingAddress(list)}` });
      }
    });
    progress.end();
    problems.sort((a, b) => a.line - b.line);
    for (const { line, reason } of problems) out.problem(`${called} ${line}: ${reason}`);
    out.result(
      { list_id: list.list_id, role, removed, problems },
      `Removed ${removed} ${role}${removed === 1 ? '' : 's'} from ${postingAddress(list)}.`,
    );
  },
};
