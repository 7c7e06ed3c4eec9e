import { type Missed, missedBy, type WithoutPost } from '../../lib/posts/missed.ts';
import { type PostReport, reportPost } from '../../lib/posts/post-report.ts';
import { codeWords, replyWords } from '../../lib/posts/reply-words.ts';
import { UsageError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { deliveryRows } from './delivery-rows.ts';
import { findPost, findSome } from './find-post.ts';
import { memberText } from './member-text.ts';

const named = (names: readonly string[]): string => (names.length === 0 ? '-' : names.join(', '));

const refusedText = ({ at, reply }: { readonly at: string; readonly reply: string }): string => {
  const why = replyWords(reply);
  return `at ${at}: ${reply}${why === undefined ? '' : `, ${why}`}`;
};

const postRows = ({ delivery, record }: PostReport): readonly (readonly string[])[] => [
  ...(record.post_number === undefined ? [] : [['post number', String(record.post_number)]]),
  ...(record.refused === undefined ? [] : [['post refused', refusedText(record.refused)]]),
  ...(delivery === undefined && record.disposition === 'accepted'
    ? [['delivery', 'the post is not made yet']]
    : []),
  ...(delivery === undefined ? [] : deliveryRows(delivery)),
];

const reportText = (report: PostReport, member: string | undefined): string => {
  const { record, repeats, delivery } = report;
  const came = repeats === undefined ? '' : `; came again ${repeats} times, and was not taken twice`;
  const rows = columns([
    ['mail', record.id],
    ['Message-ID', record.message_id],
    ['list', record.list_id],
    ['from', record.envelope.sender === '' ? '<>' : record.envelope.sender],
    ['to', record.envelope.recipient],
    ['arrived', `${record.metadata.received_time}, ${record.metadata.original_size} bytes${came}`],
    ['disposition', `${record.disposition} at ${record.decided_at}`],
    ...(record.reason === undefined ? [] : [['reason', record.reason]]),
    ['chain', record.chain ?? '-'],
    ['rules that hit', named(record.rule_hits)],
    ['rules that missed', named(record.rule_misses)],
    ...postRows(report),
    ...(member === undefined || report.member === undefined
      ? []
      : [['member', memberText(report.member, member)]]),
  ]);
  const lost = (delivery?.refused ?? 0) + (delivery?.given_up ?? 0);
  const hints = [
    ...((delivery?.waits ?? 0) === 0
      ? []
      : [`Who waits, and why: npx belfry post show ${record.id} --missed`]),
    ...(lost === 0
      ? []
      : [`To send it again to those who did not get it: npx belfry post resend ${record.id} --missed`]),
  ];
  return hints.length === 0 ? rows : `${rows}\n\n${hints.join('\n')}`;
};

const missedRow = ({ address, state, reply }: WithoutPost): readonly string[] =>
  reply === undefined ? [address, state] : [address, state, `${codeWords(reply)} (${reply})`];

const missedText = ({ missed, forgotten_chunks }: Missed): string =>
  [
    ...(missed.length === 0 ? ['Nobody is known who did not get it.'] : [columns(missed.map(missedRow))]),
    ...(forgotten_chunks === 0
      ? []
      : [`What became of the recipients of ${forgotten_chunks} chunks has expired.`]),
  ].join('\n');

/** `post show` */
export const verb: Verb = {
  summary: 'Show what became of a mail.',
  usage: 'MESSAGE-ID|POST-ID',
  details: [
    'A mail is named by its Message-ID, with or without angle brackets, or by the id that the gateway answered when it took it',
    'and that inject prints. A mail that went to several lists is shown for each of them. "put off" are those whom the relay wants',
    'us to try again; that is done by itself, until they are given up.',
  ].join('\n'),
  examples: [
    ["post show '<20260301@example.org>'", 'Show what became of a mail.'],
    ["post show '<20260301@example.org>' --member a@example.org", 'Show whether it reached a member.'],
    ["post show '<20260301@example.org>' --missed", 'Name those who did not get it, and why.'],
  ],
  options: {
    member: { takes: 'ADDRESS', doc: 'Also show how it stands with this recipient.' },
    missed: {
      doc: 'Instead, name those who have not got it, one a line: put off, refused, given up or not tried.',
    },
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'MESSAGE-ID|POST-ID');
    const member = options.text('member');
    const missed = options.flag('missed');
    if (missed && member !== undefined) throw new UsageError('--missed and --member exclude each other');
    const { store, blobs, clock, place } = await connect();
    const ports = { store, blobs, clock, site: place.site };
    if (missed) {
      const { record, roster } = await findPost(store, name);
      const found = await missedBy(record.id, roster, ports);
      return out.result(found, missedText(found));
    }
    const mails = await findSome(store, name);
    const reports = await Promise.all(mails.map((mail) => reportPost(mail, ports, member)));
    out.result(reports, reports.map((report) => reportText(report, member)).join('\n\n'));
  },
};
