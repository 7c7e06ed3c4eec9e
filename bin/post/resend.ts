import { missedBy } from '../../lib/posts/missed.ts';
import { planResend, type Resent, resendMissed } from '../../lib/posts/resend.ts';
import { UsageError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findPost } from './find-post.ts';

const people = (count: number): string => (count === 1 ? '1 recipient' : `${count} recipients`);

const resentText = (
  { recipients, not_yet, under_way, forgotten_chunks, expires_at }: Resent,
  says: string,
): string =>
  [
    recipients === 0 ? 'There is nobody to send it to.' : `${says} ${people(recipients)} without it.`,
    ...(not_yet === 0
      ? []
      : [
          `${people(not_yet)} more did not get it, in parts that are still tried for others; do this again when those are over.`,
        ]),
    ...(under_way === 0
      ? []
      : [`${under_way} chunks are being delivered at this moment, and are left to that.`]),
    ...(forgotten_chunks === 0
      ? []
      : [`What became of ${forgotten_chunks} chunks has expired, so that they are not sent.`]),
    ...(expires_at === undefined || recipients === 0
      ? []
      : [`The post expires at ${expires_at}; who cannot be reached by then does not get it.`]),
  ].join('\n');

/** `post resend` */
export const verb: Verb = {
  summary: 'Send a post to those who did not get it.',
  usage: 'POST-ID|MESSAGE-ID --missed',
  details: [
    'With --missed, a post goes to those for whom it was refused or given up, and to those who still wait for it, who are tried',
    'now. Nobody who has it gets it again, however often this is done, and who has left the list since does not get it. They have',
    'a whole time until they are given up (mta.delivery_retry_period) from now on.',
  ].join('\n'),
  examples: [
    ["post resend '<20260301@example.org>' --missed --dry-run", 'Name those it would be sent to.'],
    ["post resend '<20260301@example.org>' --missed", 'Send it to them.'],
  ],
  options: {
    missed: { doc: 'To those who did not get it. There is no other way to send a post again.' },
    'dry-run': { doc: 'Only tell to whom.' },
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'POST-ID|MESSAGE-ID');
    if (!options.flag('missed')) {
      throw new UsageError(
        'Say --missed: a post is sent again to those who did not get it, and to nobody else; to send it to everybody, write a new one',
      );
    }
    const { store, blobs, queues, clock, place } = await connect();
    const ports = { store, blobs, queues, clock, site: place.site };
    const { record, roster } = await findPost(store, name);
    if (options.flag('dry-run')) {
      const plan = await planResend(record, roster, ports);
      const { missed } = await missedBy(record.id, roster, ports);
      return out.result(
        { id: record.id, ...plan, missed },
        [
          resentText(plan, 'It would be sent to'),
          columns(missed.map(({ address, state }) => [address, state])),
        ].join('\n'),
      );
    }
    const resent = await resendMissed(record, roster, ports);
    out.result({ id: record.id, ...resent }, resentText(resent, 'It is sent to'));
  },
};
