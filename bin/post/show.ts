import { findMails, type MemberReport, type PostReport, reportPost } from '../../lib/posts/post-report.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';

const named = (names: readonly string[]): string => (names.length === 0 ? '-' : names.join(', '));

const memberText = (report: MemberReport, address: string): string => {
  if (report.kind === 'expired')
    return `the roster has expired; it is not known whether ${address} was on it`;
  if (report.kind === 'no recipient') return `${address} is no recipient of this post`;
  const reply = report.reply === undefined ? '' : ` (${report.reply})`;
  switch (report.state) {
    case 'delivered':
      return `delivered to ${address}${reply}`;
    case 'deferred':
      return `not delivered to ${address} yet, to be tried again${reply}`;
    case 'ended':
      return `refused for ${address}, or given up${reply}`;
    case 'open':
      return `not tried for ${address} yet`;
    case 'expired':
      return `${address} was a recipient; what came of it has expired`;
  }
};

const deliveryRows = ({ delivery, record }: PostReport): readonly (readonly string[])[] => {
  if (delivery === undefined) {
    return record.disposition === 'accepted' ? [['delivery', 'the post is not made yet']] : [];
  }
  const replies = Object.entries(delivery.replies).map(([code, count]) => `${code}: ${count}`);
  return [
    ['recipients', `${delivery.recipients} in ${delivery.chunks} chunks`],
    ['delivered', String(delivery.delivered)],
    ['deferred', String(delivery.deferred)],
    ['refused', String(delivery.refused)],
    ['not tried yet', String(delivery.open)],
    ...(replies.length > 0 ? [['replies', replies.join(', ')]] : []),
    ...(delivery.possibly_doubled > 0 ? [['possibly doubled', String(delivery.possibly_doubled)]] : []),
    ...(delivery.forgotten_chunks > 0 ? [['expired', `${delivery.forgotten_chunks} chunks`]] : []),
  ];
};

const reportText = (report: PostReport, member: string | undefined): string => {
  const { record, repeats } = report;
  const came = repeats === undefined ? '' : `; came again ${repeats} times, and was not taken twice`;
  return columns([
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
    ...(record.post_number === undefined ? [] : [['post number', String(record.post_number)]]),
    ...deliveryRows(report),
    ...(member === undefined || report.member === undefined
      ? []
      : [['member', memberText(report.member, member)]]),
  ]);
};

/** `post show` */
export const verb: Verb = {
  summary: 'Show what became of a mail.',
  usage: 'MESSAGE-ID|POST-ID',
  details: [
    'A mail is named by its Message-ID, with or without angle brackets, or by the id that the gateway answered when it took it',
    'and that inject prints. A mail that went to several lists is shown for each of them.',
  ].join('\n'),
  examples: [
    ["post show '<20260301@example.org>'", 'Show what became of a mail.'],
    ["post show '<20260301@example.org>' --member a@example.org", 'Show whether it reached a member.'],
  ],
  options: { member: { takes: 'ADDRESS', doc: 'Also show how it stands with this recipient.' } },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'MESSAGE-ID|POST-ID');
    const member = options.text('member');
    const { store, blobs } = await connect();
    const mails = await findMails(store, name);
    if (mails.length === 0) {
      throw new CommandError(
        `Nothing is known of the mail ${name}; one that was just accepted may still wait in its queue (queue ls)`,
      );
    }
    const reports = await Promise.all(mails.map((mail) => reportPost(mail, { store, blobs }, member)));
    out.result(reports, reports.map((report) => reportText(report, member)).join('\n\n'));
  },
};
