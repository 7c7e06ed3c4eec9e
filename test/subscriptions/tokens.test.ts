import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import type { SubscriptionRequest } from '../../lib/subscriptions/request.ts';
import { Death, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** A wish to join that waits for a confirmation. */
const waiting = async (list: MailingList, email: string): Promise<SubscriptionRequest> => {
  const outcome = await world.wished(list, { deed: 'join', email });
  if (outcome.kind !== 'request') throw new Error(outcome.reason);
  return outcome.request;
};

describe('the token of a request', () => {
  it('is unknown on every list but its own, and is not used up there', async () => {
    const strict = await world.list({ subscription_policy: 'confirm_then_moderate' });
    const lax = await world.list({ subscription_policy: 'confirm' });
    const { token } = await waiting(strict, 'anne@example.org');
    expect(await world.wished(lax, { deed: 'confirm', token })).toEqual({
      kind: 'refused',
      reason: 'unknown-token',
    });
    expect(await world.wished(strict, { deed: 'confirm', token })).toMatchObject({
      request: { list_id: strict.list_id, state: 'moderating' },
    });
  });

  it('verifies the address of who confirmed, wherever the process died that took it', async () => {
    let died = 0;
    for (let at = 0; ; at += 1) {
      const list = await world.list({ subscription_policy: 'confirm_then_moderate' });
      const email = `bart${at}@example.org`;
      const { token } = await waiting(list, email);
      const { ports, died: isDead } = world.mortal(at);
      await runSubscription(world.wish(list, { deed: 'confirm', token }), ports).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error;
      });
      if (!isDead()) break;
      died += 1;
      const now = await world.store.requests.get(list.list_id, 'join', email, world.ports.clock.now());
      // Before the commit nothing was confirmed.
      if (now?.state !== 'moderating') continue;
      await world.wished(list, { deed: 'accept', token: now.token, by: 'olga@example.org' });
      expect((await world.store.addresses.get(email))?.verified_on).toBeDefined();
    }
    expect(died).toBeGreaterThan(3);
  });
});
