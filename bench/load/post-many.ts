import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';
import type { Stack } from '../../test/harness/stack.ts';
import type { CountingSink } from './counting-sink.ts';
import { openSession } from './one-mail.ts';
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
 * Hands many posts in on four kept sessions at once, as a mail server does; gives the seconds from the first 250 of the gateway to the last delivery.
 */
export const postMany = async (
  stack: Stack,
  sink: CountingSink,
  { addresses, posts, members, name }: Many,
): Promise<number> => {
  const { all } = await sink.expect(posts * members);
  let first: bigint | undefined;
  const numbers = Array(posts).keys();
  // The gateway greets a stranger after 100 ms (smtp-server), so that who opens a session for each mail measures that.
  await forEachAtOnce(Array(4).keys(), 4, async () => {
    const session = await openSession(stack.lmtpPort);
    for (const number of numbers) {
      const address = addresses[number % addresses.length] ?? '';
      const accepted = await session.handIn(sender, address, newPost(address, `${name}-${number}`));
      if (first === undefined || accepted < first) first = accepted;
    }
    session.quit();
  });
  const { at } = await all;
  await stack.idle(120_000);
  return Number(at - (first ?? at)) / 1e9;
};
