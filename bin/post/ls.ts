import type { ListedPost } from '../../lib/posts/listed-post.ts';
import { takeSome } from '../../lib/posts/take-some.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { lastFrom, lastOption } from './last.ts';

const postText = ({ number, at, id, subject, message_id }: ListedPost): string =>
  `${number}  ${at}  ${id}  ${message_id}\n  ${subject === '' ? '(no subject)' : subject}`;

/** `post ls` */
export const verb: Verb = {
  summary: 'Name the last posts of a list.',
  usage: 'LIST',
  details:
    'The latest comes first: its number, when it was accepted, its id, its Message-ID and its subject. Posts are named for as long as they are\nkept (retention.posts).',
  examples: [['post ls ant@example.com --last 3', 'Name the last three posts.']],
  options: { last: lastOption },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const last = lastFrom(options);
    const { store, clock } = await connect();
    const { list_id } = await findList(store, name);
    await out.items(
      takeSome(store.posts.latest(list_id, clock.now()), last),
      postText,
      `Of ${name} no posts are known.`,
    );
  },
};
