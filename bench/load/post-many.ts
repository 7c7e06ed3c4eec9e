import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';
import type { Stack } from '../../test/harness/stack.ts';
import type { CountingSink } from './counting-sink.ts';
import { handIn } from './one-mail.ts';
import { newPost } from './post-once.ts';

/** The first of the members that `bench/stack/many-members.ts` makes: posts of others wait for a moderator. */
const sender = 'm0@example0.org';

/** Some posts to lists, one after the other in turn. */
export interface Many {
  readonly addresses: readonly string[];
  readonly posts: number;
  /** How many members each list has. */
  readonly members: number;
  readonly name: string;
}

/**
 * Hands many posts in on four sessions at once, as a mail server does; gives the seconds from the first 250 of the gateway to the last delivery.
 */
export const postMany = async (
  stack: Stack,
  sink: CountingSink,
  { addresses, posts, members, name }: Many,
): Promise<number> => {
  const { all } = await sink.expect(posts * members);
  let first: bigint | undefined;
  await forEachAtOnce(Array(posts).keys(), 4, async (number) => {
    const address = addresses[number % addresses.length] ?? '';
    const accepted = await handIn(stack.lmtpPort, sender, address, newPost(address, `${name}-${number}`));
    if (first === undefined || accepted < first) first = accepted;
  });
  const { at } = await all;
  await stack.idle(120_000);
  return Number(at - (first ?? at)) / 1e9;
};
