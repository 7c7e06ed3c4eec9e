import type { SiteOverrides } from '../../lib/config/site.ts';
import { sesControl } from '../harness/ses-stub.ts';
import type { Stack } from '../harness/stack.ts';
import { makeList, ownerMail, post, threeMemberPost } from './scenarios.ts';
import type { Scenario } from './sweep.ts';

const site: SiteOverrides = {
  delivery: { transport: 'ses' },
  ses: { domains: ['example.com'] },
};

// Slots lie 200 ms apart: far enough that a slow machine misses none, and near enough that a post does not take long.
const quota = { max_send_rate: 5.6, max_24_hour_send: 50_000 };

/**
 * A scenario on a stack that delivers by the stub of Amazon SES, which hands on to the relay, where copies are counted as ever. The quota is in the
 * table, as the function that reads it each minute leaves it, so that nobody who sends has to ask for it at a moment that depends on the clock.
 */
export const bySes = (scenario: Scenario): Scenario => ({
  ...scenario,
  name: `ses-${scenario.name}`,
  site,
  setUp: async (stack: Stack) => {
    await sesControl(stack.ses?.control ?? '').account(quota);
    // The key by which links to members' pages are signed is there before the first run.
    await stack.store.secrets.key('web');
  },
  // A process that is stopped for longer than a slot may be used late leases another one.
  calmRuns: 5,
  // A process that has sent before knows the pace, and leases more slots at once; and it knows the key of links.
  fresh: 'outgoing',
  prepare: async (stack, run) => {
    await scenario.prepare(stack, run);
    const { max_send_rate: max_per_second, max_24_hour_send: max_24h } = quota;
    await stack.store.pace.note({ max_per_second, max_24h, sent_24h: 0 }, new Date());
  },
});

/** The whole way of a post to three members, each in a call of its own. */
export const sesPost = bySes(threeMemberPost);

/** The whole way of a mail to two owners, from the owner address of their list. */
export const sesOwner = bySes(ownerMail);

const served = (run: string): string => `${run}@example.org`;
/** SES takes the mail, and tells afterwards that the mailbox does not exist. */
const bouncing = (run: string): string => `refused-${run}@example.org`;
/** SES does not take a mail to such an address. */
const malformed = (run: string): string => `two..dots-${run}@example.org`;

/** A post of which two members bounce, one at the call itself and one by an event: each scores once, and the third gets the post. */
export const sesBounced = bySes({
  name: 'bounced',
  prepare: (stack, run) => makeList(stack, run, 'member', [served(run), bouncing(run), malformed(run)]),
  act: (stack, run) => post(stack, run, served(run)),
  copies: (run) =>
    new Map([
      [served(run), 1],
      [bouncing(run), 0],
      [malformed(run), 0],
    ]),
  faults: async ({ store }, run) => {
    const scores: string[] = [];
    for (const email of [bouncing(run), malformed(run)]) {
      const member = await store.members.get(`${run}.example.com`, 'member', email);
      if (member?.bounce_score !== 1) scores.push(`${email} has a score of ${member?.bounce_score}`);
    }
    return scores;
  },
});
