import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import type { SubscriptionMessage } from '../../lib/queue/messages.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import { all } from '../store/behaviour/all.ts';
import { Death, endOf, openWorld, tokenOf, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ mailman: { max_confirmations_per_hour: 0 } });
});
afterAll(() => world.close());

const owner = 'owner@example.org';
const settings = { admin_notify_mchanges: true } as const;

/** A run that dies after a call, and the message that comes again. */
interface Crash {
  readonly list: MailingList;
  readonly email: string;
  readonly message: SubscriptionMessage;
}

/** What is made ready for one run: what is wished, and what must be so in the end. */
interface Case {
  readonly name: string;
  readonly prepare: (email: string) => Promise<Crash>;
  readonly state: string;
  readonly member: boolean;
  /** The kinds of mail that leave in the end, each once. */
  readonly mails: readonly string[];
}

const confirming = async (email: string, policy: string, kind: 'join' | 'leave'): Promise<Crash> => {
  const list = await world.list({
    ...settings,
    subscription_policy: policy,
    unsubscription_policy: policy,
  });
  await world.member(list, owner, { role: 'owner' });
  if (kind === 'leave') await world.member(list, email, { moderation_action: 'hold' });
  else await world.member(list, email, { role: 'nonmember' });
  const token = tokenOf(await world.wished(list, { deed: kind, email }));
  await world.mails();
  return { list, email, message: world.wish(list, { deed: 'confirm', token, by: email }) };
};

const moderating = async (email: string, deed: 'accept' | 'reject'): Promise<Crash> => {
  const { list, message } = await confirming(email, 'confirm_then_moderate', 'join');
  const token = tokenOf(await world.run(message));
  await world.mails();
  return { list, email, message: world.wish(list, { deed, token, by: owner, comment: 'No.' }) };
};

const wishing = async (
  email: string,
  over: Partial<SubscriptionMessage>,
  policy = 'open',
): Promise<Crash> => {
  const list = await world.list({ ...settings, subscription_policy: policy, unsubscription_policy: policy });
  await world.member(list, owner, { role: 'owner' });
  if (over.deed === 'leave') await world.member(list, email);
  return { list, email, message: world.wish(list, { deed: 'join', email, ...over }) };
};

const cases: readonly Case[] = [
  {
    name: 'a wish to join that waits for confirmation',
    prepare: (email) => wishing(email, {}),
    state: 'confirming',
    member: false,
    mails: ['list:user:action:subscribe'],
  },
  {
    name: 'a wish to join an open list',
    prepare: (email) => wishing(email, { pre_verified: true }),
    state: 'done',
    member: true,
    mails: ['list:admin:notice:subscribe', 'list:user:notice:welcome'],
  },
  {
    name: 'a confirmation that makes a member',
    prepare: (email) => confirming(email, 'confirm', 'join'),
    state: 'done',
    member: true,
    mails: ['list:admin:notice:subscribe', 'list:user:notice:welcome'],
  },
  {
    name: 'a confirmation after which a moderator decides',
    prepare: (email) => confirming(email, 'confirm_then_moderate', 'join'),
    state: 'moderating',
    member: false,
    mails: ['list:admin:action:subscribe'],
  },
  {
    name: 'a moderator who accepts',
    prepare: (email) => moderating(email, 'accept'),
    state: 'done',
    member: true,
    mails: ['list:admin:notice:subscribe', 'list:user:notice:welcome'],
  },
  {
    name: 'a moderator who rejects',
    prepare: (email) => moderating(email, 'reject'),
    state: 'rejected',
    member: false,
    mails: ['list:user:notice:refuse'],
  },
  {
    name: 'a wish to leave an open list',
    prepare: (email) => wishing(email, { deed: 'leave' }),
    state: 'done',
    member: false,
    mails: ['list:admin:notice:unsubscribe', 'list:user:notice:goodbye'],
  },
  {
    name: 'a confirmation that somebody leaves',
    prepare: (email) => confirming(email, 'confirm', 'leave'),
    state: 'done',
    member: false,
    mails: ['list:admin:notice:unsubscribe', 'list:user:notice:goodbye'],
  },
];

// More calls than any of them makes; the last run of each finds that it did not die.
const enough = 60;

describe('whatever dies after any call is whole once its message comes again', () => {
  it.each(cases)(
    '$name',
    async ({ name, prepare, state, member, mails }) => {
      const { store } = world;
      const isMember = async ({ list, email }: Crash): Promise<boolean> =>
        (await store.members.get(list.list_id, 'member', email)) !== undefined;
      let at = 0;
      for (; at < enough; at += 1) {
        const crash = await prepare(`${name.replaceAll(' ', '-')}-${at}@example.org`);
        const { ports, died } = world.mortal(at);
        await runSubscription(crash.message, ports).catch((error: unknown) => {
          if (!(error instanceof Death)) throw error;
        });
        // Whoever was told of a membership has it, and whoever was told of its end has it no more.
        const told = (await world.mails()).map(({ kind }) => kind);
        if (told.includes('list:user:notice:welcome')) expect(await isMember(crash)).toBe(true);
        if (told.includes('list:user:notice:goodbye')) expect(await isMember(crash)).toBe(false);
        expect(endOf(await world.run(crash.message))).toBe(state);
        const left = [...told, ...(await world.mails()).map(({ kind }) => kind)];
        expect([...new Set(left)].sort()).toEqual(mails);
        // And once more, as the queue may: the same mails go on the same way, which is no second copy.
        expect(endOf(await world.run(crash.message))).toBe(state);
        expect((await world.mails()).every(({ kind }) => mails.includes(kind))).toBe(true);
        expect(await isMember(crash)).toBe(member);
        if (!died()) break;
      }
      expect(at).toBeGreaterThan(5);
      expect(at).toBeLessThan(enough);
    },
    120_000,
  );

  it('a confirmation counts as one when its process dies, and a moderator accepts before it comes again', async () => {
    const { store } = world;
    let accepted = 0;
    for (let at = 0; at < enough; at += 1) {
      const email = `moderated-${at}@example.org`;
      const { list, message } = await confirming(email, 'confirm_then_moderate', 'join');
      const { ports, died } = world.mortal(at);
      await runSubscription(message, ports).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error;
      });
      const waiting = await store.requests.get(list.list_id, 'join', email, ports.clock.now());
      if (waiting?.state === 'moderating') {
        accepted += 1;
        const { token } = waiting;
        expect(endOf(await world.wished(list, { deed: 'accept', token, by: owner }))).toBe('done');
        expect((await store.addresses.get(email))?.verified_on).toBeDefined();
        expect(endOf(await world.run(message))).toBe('unknown-token');
      }
      await world.mails();
      if (!died()) break;
    }
    expect(accepted).toBeGreaterThan(5);
  }, 60_000);

  it('a moderator who accepts says nothing of an address that nobody has confirmed', async () => {
    const { list, message } = await confirming('unread@example.org', 'confirm_then_moderate', 'join');
    const { token = '' } = message;
    expect(endOf(await world.wished(list, { deed: 'accept', token, by: owner }))).toBe('done');
    expect((await world.store.addresses.get('unread@example.org'))?.verified_on).toBeUndefined();
    await world.mails();
  });

  it('a membership that came or went since is left alone', async () => {
    const { store, wished, run } = world;
    const join = await wishing('bart@example.org', { pre_verified: true });
    expect(endOf(await run(join.message))).toBe('done');
    world.pass(1);
    const leave = world.wish(join.list, { deed: 'leave', email: join.email });
    expect(endOf(await run(leave))).toBe('done');
    // The first message comes again after the second one was done.
    expect(endOf(await run(join.message))).toBe('done');
    expect(await store.members.get(join.list.list_id, 'member', join.email)).toBeUndefined();
    world.pass(1);
    expect(endOf(await wished(join.list, { deed: 'join', email: join.email }))).toBe('done');
    expect(endOf(await run(leave))).toBe('done');
    expect(await store.members.get(join.list.list_id, 'member', join.email)).toBeDefined();
    await world.mails();
  });
});

describe('the same wish in two processes at once, as when a page and the queue do it', () => {
  it.each(cases)(
    '$name',
    async ({ name, prepare, state, member, mails }) => {
      for (let round = 0; round < 5; round += 1) {
        const { list, email, message } = await prepare(
          `both-${name.replaceAll(' ', '-')}-${round}@example.org`,
        );
        const ends = await Promise.all([world.run(message), world.run(message)]);
        expect(ends.map(endOf)).toEqual([state, state]);
        expect((await world.mails()).map(({ kind }) => kind).sort()).toEqual(mails);
        const there = await world.store.members.get(list.list_id, 'member', email);
        expect(there !== undefined).toBe(member);
        const { user_id } = (await world.store.addresses.get(email)) ?? {};
        if (user_id !== undefined) expect(await world.store.users.get(user_id)).toBeDefined();
      }
    },
    60_000,
  );
});

describe('a token', () => {
  it('is used by one of two that come together, 200 times', async () => {
    const list = await world.list({ subscription_policy: 'open', send_welcome_message: false });
    const { wish, wished, run } = world;
    const race = async (email: string): Promise<void> => {
      const token = tokenOf(await wished(list, { deed: 'join', email }));
      const both = [wish(list, { deed: 'confirm', token }), wish(list, { deed: 'confirm', token })];
      const ends = await Promise.all(both.map(async (one) => endOf(await run(one))));
      expect(ends.sort()).toEqual(['done', 'unknown-token']);
      expect((await all(world.store.members.of(email))).map(({ role }) => role)).toEqual(['member']);
    };
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => race(`two-${round}-${index}@example.org`)));
    }
    await world.mails();
  }, 120_000);

  it('is good for one list, until it expires, and never again', async () => {
    const one = await confirming('once@example.org', 'confirm', 'join');
    const other = await world.list();
    const { token = '' } = one.message;
    expect(endOf(await world.wished(other, { deed: 'confirm', token }))).toBe('unknown-token');
    expect(endOf(await world.run(one.message))).toBe('done');
    expect(endOf(await world.wished(one.list, { deed: 'confirm', token }))).toBe('unknown-token');
    expect(endOf(await world.wished(one.list, { deed: 'discard', token }))).toBe('unknown-token');
    const late = await confirming('late@example.org', 'confirm', 'join');
    world.pass(3 * 86_400);
    expect(endOf(await world.run(late.message))).toBe('unknown-token');
    expect(await world.store.members.get(late.list.list_id, 'member', late.email)).toBeUndefined();
    const slow = await moderating('slow@example.org', 'accept');
    world.pass(179 * 86_400);
    expect(endOf(await world.run(slow.message))).toBe('done');
    const gone = await moderating('gone@example.org', 'accept');
    world.pass(181 * 86_400);
    expect(endOf(await world.run(gone.message))).toBe('unknown-token');
    expect(endOf(await world.wished(gone.list, { deed: 'confirm', token: '' }))).toBe('unknown-token');
  });
});
