import { randomUUID } from 'node:crypto';
import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import { type MemberLine, parseMemberLine } from '../../lib/members/member-line.ts';
import type { SubscriptionMessage } from '../../lib/queue/messages.ts';
import { readApplicant } from '../../lib/subscriptions/applicant.ts';
import { beginJoin } from '../../lib/subscriptions/join.ts';
import type { Refusal } from '../../lib/subscriptions/step.ts';
import { firstAndRest } from '../cli/parse.ts';
import { everyThousand } from '../cli/progress.ts';
import type { Verb } from '../cli/verb.ts';
import type { Connection } from '../connection/connection.ts';
import { asOption, moderatorFrom } from '../held/moderator.ts';
import { findList } from '../list/find-list.ts';
import { linesFrom } from './lines.ts';

// As many as in adding members.
const atOnce = 32;

const reasons: Readonly<Record<Refusal, string>> = {
  'invalid-address': 'is not an e-mail address',
  'list-address': 'is an address of a list',
  member: 'is a member already',
  'not-a-member': 'is not a member',
  banned: 'is banned',
  pending: 'is invited or wants to join already',
  'too-many': 'had too many such mails',
  'unknown-token': 'has no such request',
};

/** Why an address cannot be invited; undefined when it can. */
const obstacle = async (
  email: string,
  list: MailingList,
  { store, clock, place: { site } }: Connection,
): Promise<string | undefined> => {
  const earlier = await store.requests.get(list.list_id, 'join', email, clock.now());
  const { facts } = await readApplicant({ email, list, earlier }, { store, clock, site });
  const flags = { invitation: true, pre_verified: true, pre_confirmed: true, pre_approved: true };
  const step = beginJoin(flags, facts);
  return step.kind === 'refuse' ? `${email} ${reasons[step.reason]}` : undefined;
};

const invitationOf = (
  { email, display_name }: Extract<MemberLine, { kind: 'member' }>,
  { list_id }: MailingList,
  by: string,
  at: string,
): SubscriptionMessage => ({
  v: 1,
  type: 'subscription',
  queue: 'command',
  id: randomUUID(),
  listid: list_id,
  deed: 'join',
  email,
  display_name,
  invitation: true,
  by,
  at,
});

/** `member invite` */
export const verb: Verb = {
  summary: 'Invite addresses to a list: each becomes a member by answering.',
  usage: 'LIST [ADDRESS...]',
  details: [
    'Without addresses and --file, they are read from standard input, one a line, as member add reads them. Those that cannot',
    'be invited are reported with their lines, and the others get their mail. Nobody is a member before they answer; request ls',
    'shows who has not. The limits on what strangers can cause do not count here.',
  ].join('\n'),
  examples: [
    ['member invite ant@example.com a@example.org', 'Invite somebody.'],
    ['member invite ant@example.com --file people.txt', 'Invite those whom a file names.'],
  ],
  options: {
    file: { takes: 'FILE', doc: 'A file with one address a line; - is standard input.' },
    as: asOption,
  },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST');
    const { lines, called } = linesFrom(rest, options.text('file'));
    const by = moderatorFrom(options);
    const connection = await connect();
    const list = await findList(connection.store, first);
    const queues = await connection.queues();
    const problems: { readonly line: number; readonly reason: string }[] = [];
    const progress = everyThousand(out, (count) => `Invited ${count} addresses`);
    let invited = 0;
    const numbered = (async function* () {
      let line = 0;
      for await (const text of lines) {
        line += 1;
        yield { line, text };
      }
    })();
    await forEachAtOnce(numbered, atOnce, async ({ line, text }) => {
      const parsed = parseMemberLine(text);
      if (parsed.kind === 'nothing') return;
      const reason =
        parsed.kind === 'invalid' ? parsed.reason : await obstacle(parsed.email, list, connection);
      if (reason !== undefined || parsed.kind === 'invalid') {
        problems.push({ line, reason: reason ?? 'it names nobody' });
        return;
      }
      await queues.send([invitationOf(parsed, list, by, connection.clock.now().toISOString())]);
      invited += 1;
      progress.step(invited);
    });
    progress.end();
    problems.sort((a, b) => a.line - b.line);
    for (const { line, reason } of problems) out.problem(`${called} ${line}: ${reason}`);
    const kind = `${invited} ${invited === 1 ? 'invitation' : 'invitations'}`;
    out.result(
      { list_id: list.list_id, invited, problems },
      `${kind} to ${postingAddress(list)} ${invited === 1 ? 'is' : 'are'} on the way.`,
    );
  },
};
