import { systemClock } from '../../lib/clock/clock.ts';
import { findMails } from '../../lib/posts/post-report.ts';
import { resendMissed } from '../../lib/posts/resend.ts';
import { openLinkKey } from '../../lib/web/open-links.ts';
import type { Script } from '../harness/relay.ts';
import type { Stack } from '../harness/stack.ts';
import { addMembers, makeList, once, people, post } from './scenarios.ts';
import type { Scenario } from './sweep.ts';

const ownerOf = (run: string): string => `owner-${run}@example.org`;

/** A list with members and an owner, who is told of trouble. */
const prepareOwned =
  (members: (run: string) => readonly string[]) =>
  async (stack: Stack, run: string): Promise<void> => {
    await makeList(stack, run, 'member', members(run));
    await addMembers(stack, run, 'owner', [ownerOf(run)]);
  };

const served = (run: string): string => `${run}@example.org`;

/** Each member gets a copy of its own, from a sender of its own. */
export const individualPost: Scenario = {
  name: 'individual',
  site: { mta: { verp_personalized_deliveries: true } },
  // The key of the links in the copies is made once for a site, and read once by each process.
  setUp: async ({ store }) => {
    await openLinkKey({ store })();
  },
  fresh: 'outgoing',
  prepare: async (stack, run) => {
    await makeList(stack, run, 'member', people(run, 3));
    await stack.store.lists.set(`${run}.example.com`, { personalize: 'individual' });
  },
  act: (stack, run) => post(stack, run, `${run}-0@example.org`),
  copies: (run) => once(people(run, 3)),
};

/** The relay refuses us once, so that delivery is parked; a probe finds out that it takes mail again. */
export const parkedPost: Scenario = {
  name: 'parked',
  relay: (): Script => {
    const refused = new Set<string>();
    return {
      mail: (sender) => {
        if (refused.has(sender)) return '250 2.1.0 Ok';
        refused.add(sender);
        return '421 4.7.0 Not now';
      },
    };
  },
  prepare: (stack, run) => makeList(stack, run, 'member', people(run, 3)),
  act: (stack, run) => post(stack, run, `${run}-0@example.org`),
  copies: (run) => once(people(run, 3)),
};

const hopeless = (run: string): string => `hopeless-${run}@example.org`;

/** The relay puts one member off until the post is given up for it: that member bounces, and the owner is told. */
export const givenUpPost: Scenario = {
  name: 'given-up',
  // The time is over at the end of the first attempt, so that the number of attempts does not depend on how fast the machine is.
  site: { mta: { delivery_retry_period: 0 } },
  relay: () => ({
    rcpt: (recipient) => (recipient.startsWith('hopeless-') ? '451 4.2.1 Not today' : '250 2.1.5 Ok'),
  }),
  prepare: prepareOwned((run) => [served(run), hopeless(run)]),
  act: (stack, run) => post(stack, run, served(run)),
  copies: (run) =>
    new Map([
      [served(run), 1],
      [hopeless(run), 0],
      [ownerOf(run), 1],
    ]),
};

/** What the relay says to a post that it refuses, until it is mended; notices to owners it takes. */
const refusal = (recipients: readonly string[]): string =>
  recipients.some((recipient) => recipient.startsWith('owner-'))
    ? '250 2.0.0 Ok'
    : '554 5.6.0 Such a mail never';

/** The relay refuses the post itself: nobody gets it, nobody bounces, and the owner is told. */
export const refusedPost: Scenario = {
  name: 'disliked',
  relay: () => ({ dot: refusal }),
  prepare: prepareOwned((run) => people(run, 2)),
  act: (stack, run) => post(stack, run, `${run}-0@example.org`),
  copies: (run) => new Map([...people(run, 2).map((email) => [email, 0] as const), [ownerOf(run), 1]]),
};

/** The runs whose relay was mended. */
const mended = new Set<string>();

/** The relay refuses the post, is mended, and somebody sends the post again to those who did not get it. */
export const resentPost: Scenario = {
  name: 'resent',
  relay: () => ({
    dot: (recipients) => {
      const [, run = ''] = /^(.*)-\d+@/.exec(recipients[0] ?? '') ?? [];
      return mended.has(run) ? '250 2.0.0 Ok' : refusal(recipients);
    },
  }),
  prepare: prepareOwned((run) => people(run, 2)),
  act: async (stack, run) => {
    await post(stack, run, `${run}-0@example.org`);
    await stack.idle();
    mended.add(run);
    const [record] = await findMails(stack.store, `<${run}@example.org>`);
    if (record?.roster === undefined) throw new Error(`The post of ${run} has no roster`);
    const ports = {
      ...stack,
      clock: systemClock,
      blobs: async () => stack.blobs,
      queues: async () => stack.queues,
    };
    await resendMissed(record, record.roster, ports);
  },
  copies: (run) => new Map([...once(people(run, 2)), [ownerOf(run), 1]]),
};
