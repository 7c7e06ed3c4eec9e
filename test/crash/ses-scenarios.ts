import type { SiteOverrides } from '../../lib/config/site.ts';
import { sesControl } from '../harness/ses-stub.ts';
import type { Stack } from '../harness/stack.ts';
import { threeMemberPost } from './scenarios.ts';
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
const bySes = (scenario: Scenario): Scenario => ({
  ...scenario,
  name: `ses-${scenario.name}`,
  site,
  setUp: async (stack: Stack) => {
    await sesControl(stack.ses?.control ?? '').account(quota);
    // The key by which links to members' pages are signed is there before the first run.
    await stack.store.secrets.key('web');
  },
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
