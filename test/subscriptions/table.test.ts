import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import type { SubscriptionMessage } from '../../lib/queue/messages.ts';
import { endOf, openWorld, tokenOf, type World } from './world.ts';

/**
 * The workflow as people meet it: for each policy and each kind of person what a wish comes to, step by step, and the mails that leave with each
 * step. `confirm` is an answer with the token that waits, `accept` a moderator's.
 */
const policies = ['open', 'confirm', 'moderate', 'confirm_then_moderate'] as const;
type Policy = (typeof policies)[number];

const people = ['known', 'new', 'banned', 'member', 'pending', 'unverified', 'invitation'] as const;
type Person = (typeof people)[number];

/** A step, what it comes to, and the kinds of mail that leave: `-> state: mails`. */
type Story = readonly string[];

const asksJoin = 'confirming: list:user:action:subscribe > anne';
const asksLeave = 'confirming: list:user:action:unsubscribe > anne';
const joined = 'done: list:user:notice:welcome > anne, list:admin:notice:subscribe > owner';
const left = 'done: list:user:notice:goodbye > anne, list:admin:notice:unsubscribe > owner';
const moderatesJoin = 'moderating: list:admin:action:subscribe > owner';
const moderatesLeave = 'moderating: list:admin:action:unsubscribe > owner';
const told = 'member: list:user:notice:already-member > anne';
const invited = 'invited: list:user:action:invite > anne';

const confirmsFirst = {
  open: [`join ${asksJoin}`, `confirm ${joined}`],
  confirm: [`join ${asksJoin}`, `confirm ${joined}`],
  moderate: [`join ${asksJoin}`, `confirm ${moderatesJoin}`, `accept ${joined}`],
  confirm_then_moderate: [`join ${asksJoin}`, `confirm ${moderatesJoin}`, `accept ${joined}`],
} as const satisfies Readonly<Record<Policy, Story>>;

const always = (...story: Story): Readonly<Record<Policy, Story>> => ({
  open: story,
  confirm: story,
  moderate: story,
  confirm_then_moderate: story,
});

const joins: Readonly<Record<Person, Readonly<Record<Policy, Story>>>> = {
  known: {
    ...confirmsFirst,
    open: [`join ${joined}`],
    moderate: [`join ${moderatesJoin}`, `accept ${joined}`],
  },
  new: confirmsFirst,
  unverified: confirmsFirst,
  banned: always('join banned: '),
  member: always(`join ${told}`),
  pending: always('join pending: '),
  invitation: always(`invite ${invited}`, `confirm ${joined}`),
};

const leaves: Readonly<Record<Person, Readonly<Record<Policy, Story>>>> = {
  known: always('leave not-a-member: '),
  new: always('leave not-a-member: '),
  unverified: always('leave not-a-member: '),
  banned: always('leave not-a-member: '),
  invitation: always('leave not-a-member: '),
  pending: always('leave pending: '),
  member: {
    open: [`leave ${left}`],
    confirm: [`leave ${asksLeave}`, `confirm ${left}`],
    moderate: [`leave ${moderatesLeave}`, `accept ${left}`],
    confirm_then_moderate: [`leave ${asksLeave}`, `confirm ${moderatesLeave}`, `accept ${left}`],
  },
};

let world: World;
beforeAll(async () => {
  world = await openWorld({ mailman: { max_confirmations_per_hour: 0 } });
});
afterAll(() => world.close());

const anne = 'anne@example.org';
const owner = 'owner@example.org';

/** Makes the person what it is, before anything is wished. */
const prepare = async (person: Person, wish: 'join' | 'leave', list: MailingList): Promise<void> => {
  const { store, member, wished, mails } = world;
  await store.addresses.remove(anne);
  await member(list, owner, { role: 'owner' });
  if (person === 'known' || person === 'banned') await world.address(anne, true);
  if (person === 'unverified') await world.address(anne, false);
  if (person === 'banned') await store.bans.add(list.list_id, anne);
  if (person === 'member' || (person === 'pending' && wish === 'leave')) await member(list, anne);
  if (person === 'pending') {
    await store.lists.set(list.list_id, { subscription_policy: 'confirm', unsubscription_policy: 'confirm' });
    expect(endOf(await wished(list, { deed: wish, email: anne }))).toBe('confirming');
    const { subscription_policy, unsubscription_policy } = list.settings;
    await store.lists.set(list.list_id, { subscription_policy, unsubscription_policy });
  }
  await mails();
};

const deeds: Readonly<Record<string, Partial<SubscriptionMessage> & Pick<SubscriptionMessage, 'deed'>>> = {
  join: { deed: 'join', email: anne },
  leave: { deed: 'leave', email: anne },
  invite: { deed: 'join', email: anne, invitation: true, by: owner },
  confirm: { deed: 'confirm', by: anne },
  accept: { deed: 'accept', by: owner },
};

const name = (address: string): string => address.split('@')[0] ?? '';

/** Does what a story says, and tells it as it went. */
const tell = async (story: Story, list: MailingList): Promise<Story> => {
  const went: string[] = [];
  let token: string | undefined;
  for (const step of story) {
    const [verb = ''] = step.split(' ');
    const deed = deeds[verb];
    if (deed === undefined) throw new Error(`There is no deed ${verb}`);
    const outcome = await world.wished(list, { ...deed, ...(token === undefined ? {} : { token }) });
    token = outcome.kind === 'request' && outcome.request.token !== '' ? tokenOf(outcome) : undefined;
    const left = (await world.mails()).map(({ kind, to }) => `${kind} > ${to.map(name).join(' ')}`);
    went.push(`${verb} ${endOf(outcome)}: ${left.sort().reverse().join(', ')}`);
  }
  return went;
};

const cases = (stories: typeof joins): readonly (readonly [Policy, Person, Story])[] =>
  policies.flatMap((policy) => people.map((person) => [policy, person, stories[person][policy]] as const));

describe('somebody wishes to join', () => {
  it.each(cases(joins))('a list with the policy %s: %s', async (policy, person, story) => {
    const list = await world.list({ subscription_policy: policy, admin_notify_mchanges: true });
    await prepare(person, 'join', list);
    expect(await tell(story, list)).toEqual(story);
    const member = await world.store.members.get(list.list_id, 'member', anne);
    expect(member !== undefined).toBe(person === 'member' || story.at(-1)?.includes('done:') === true);
    const verified = (await world.store.addresses.get(anne))?.verified_on !== undefined;
    expect(verified).toBe(!['member', 'pending'].includes(person));
  });
});

describe('somebody wishes to leave', () => {
  it.each(cases(leaves))('a list with the policy %s: %s', async (policy, person, story) => {
    const list = await world.list({ unsubscription_policy: policy, admin_notify_mchanges: true });
    await prepare(person, 'leave', list);
    expect(await tell(story, list)).toEqual(story);
    const member = await world.store.members.get(list.list_id, 'member', anne);
    expect(member !== undefined).toBe(person === 'pending');
  });
});
