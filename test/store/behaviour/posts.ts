import { expect, it } from 'vitest';
import type { ListedPost } from '../../../lib/posts/listed-post.ts';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

const post = (number: number, over: Partial<ListedPost> = {}): ListedPost => ({
  list_id: 'ant.example.com',
  id: `p${number}`,
  number,
  at: new Date(1_700_000_000_000 + number * 1000).toISOString(),
  message_id: `<${number}@example.org>`,
  subject: `post ${number}`,
  ...over,
});

const now = new Date();
const later = new Date(now.getTime() + 60_000);

/** What the store promises of the posts of lists. */
export const postsBehave = (store: () => Store): void => {
  it('names the latest posts of a list first, also when their numbers were set back', async () => {
    const { posts } = store();
    const given = [post(1), post(2), post(30), post(31, { number: 1 })];
    for (const one of given) await posts.note(one, later);
    await posts.note(post(5, { list_id: 'bee.example.com' }), later);
    expect(await all(posts.latest('ant.example.com', now))).toEqual(given.toReversed());
    expect(await all(posts.latest('cat.example.com', now))).toEqual([]);
  });

  it('notes a post once, however often it is told', async () => {
    const { posts } = store();
    const list_id = 'dog.example.com';
    await posts.note(post(1, { list_id }), later);
    await posts.note(post(1, { list_id }), later);
    expect(await all(posts.latest(list_id, now))).toEqual([post(1, { list_id })]);
  });

  it('does not name what has expired, and finds what lies behind it, over many pages', async () => {
    const { posts } = store();
    const list_id = 'eel.example.com';
    const given = Array.from({ length: 60 }, (_, n) => post(n, { list_id }));
    await Promise.all(given.map((one, n) => posts.note(one, n < 40 ? later : now)));
    expect(await all(posts.latest(list_id, now))).toEqual(given.slice(0, 40).toReversed());
  });
};
