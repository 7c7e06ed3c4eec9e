import type { Store } from '../store/store.ts';
import type { ListedPost } from './listed-post.ts';
import { type MemberReport, type MemberReportPorts, reportMember } from './member-report.ts';
import { takeSome } from './take-some.ts';

/** What telling about the posts of a member needs of the world. */
export type MemberPostsPorts = MemberReportPorts & {
  readonly store: Pick<Store, 'posts' | 'mails' | 'members'>;
};

/** What became of one post for one address. */
export interface MemberPost {
  readonly post: ListedPost;
  readonly outcome: MemberReport | { readonly kind: 'not made yet' };
}

/** The lists of which an address is a member, each once, in order. */
export const listsOfMember = async (
  address: string,
  { store }: { readonly store: Pick<Store, 'members'> },
): Promise<readonly string[]> => {
  const lists = new Set<string>();
  for await (const { role, list_id } of store.members.of(address)) {
    if (role === 'member') lists.add(list_id);
  }
  return [...lists].sort();
};

const outcomeOf = async (
  { id }: ListedPost,
  address: string,
  ports: MemberPostsPorts,
): Promise<MemberPost['outcome']> => {
  const record = await ports.store.mails.get(id);
  if (record === undefined) return { kind: 'expired' };
  return record.roster === undefined
    ? { kind: 'not made yet' }
    : reportMember(id, record.roster, address, ports);
};

/** What became of the last posts of a list for an address, the latest first, whether it is a member now or not. */
export async function* postsForMember(
  listId: string,
  address: string,
  last: number,
  ports: MemberPostsPorts,
): AsyncIterable<MemberPost> {
  for await (const post of takeSome(ports.store.posts.latest(listId, ports.clock.now()), last)) {
    yield { post, outcome: await outcomeOf(post, address, ports) };
  }
}
