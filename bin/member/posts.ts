import { listsOfMember, type MemberPost, postsForMember } from '../../lib/posts/member-posts.ts';
import { CommandError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { lastFrom, lastOption } from '../post/last.ts';

const outcomeText = (outcome: MemberPost['outcome']): string => {
  if (outcome.kind !== 'recipient') return outcome.kind;
  return outcome.why === undefined ? outcome.state : `${outcome.state}: ${outcome.why} (${outcome.reply})`;
};

const postText = ({ post, outcome }: MemberPost): string =>
  [
    `${post.list_id}  ${post.number}  ${post.at}  ${post.id}`,
    `  ${post.subject === '' ? '(no subject)' : post.subject}`,
    `  ${outcomeText(outcome)}`,
  ].join('\n');

/** `member posts` */
export const verb: Verb = {
  summary: "Tell what became of a member's last posts.",
  usage: 'ADDRESS',
  details: [
    'For each list of which the address is a member, its last posts, the latest first: delivered, waits, refused, given up, left, not',
    'tried, no recipient (the member joined later, has delivery switched off, wrote the post, or stands in its To or Cc',
    'and wants no second copy), or expired.',
  ].join('\n'),
  examples: [
    ['member posts a@example.org', 'What became of the last ten posts of each list.'],
    ['member posts a@example.org --list ant@example.com --last 3', 'Of one list, also of one that was left.'],
  ],
  options: { list: { takes: 'LIST', doc: 'Only the posts of this list.' }, last: lastOption },
  run: async ({ args, options, out, connect }) => {
    const [address = ''] = exactly(args, 'ADDRESS');
    const last = lastFrom(options);
    const named = options.text('list');
    const { store, blobs, clock } = await connect();
    const ports = { store, blobs, clock };
    const lists =
      named === undefined ? await listsOfMember(address, ports) : [(await findList(store, named)).list_id];
    if (lists.length === 0) {
      throw new CommandError(`${address} is a member of no list; --list tells of one that it has left`);
    }
    const all = async function* (): AsyncIterable<MemberPost> {
      for (const list of lists) yield* postsForMember(list, address, last, ports);
    };
    await out.items(all(), postText, `No posts are known of the lists of ${address}.`);
  },
};
