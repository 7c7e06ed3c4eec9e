import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import { Death, endOf, openWorld, tokenOf, type World } from './world.ts';

let world: World;
let list: MailingList;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  list = await world.list({ display_name: 'Ants' });
  world.pass(86_400);
});

const anne = 'anne@example.org';
const owner = 'owner@example.org';
let people = 0;
const somebody = (): string => `person${++people}@example.org`;

/** The only mail that was written. */
const onlyMail = async () => {
  const [mail, ...others] = await world.mails();
  expect(others).toEqual([]);
  if (mail === undefined) throw new Error('Nothing was written');
  return mail;
};

describe('a mail that asks for confirmation', () => {
  it('is answered by a reply alone, and says so to its reader and to machines', async () => {
    const email = somebody();
    const token = tokenOf(await world.wished(list, { deed: 'join', email }));
    const mail = await onlyMail();
    expect(token).toMatch(/^[0-9a-f]{40}$/);
    expect(mail.to).toEqual([email]);
    expect(mail.header('From')).toBe(`Ants <${list.list_name}-confirm+${token}@example.com>`);
    expect(mail.header('Subject')).toBe(`confirm ${token}`);
    expect(mail.header('Auto-Submitted')).toBe('auto-generated');
    expect(mail.header('Precedence')).toBe('');
    expect(mail.text).toContain(`subscribe ${email}\r\n`);
    expect(mail.text).not.toContain('http');
  });

  it.each([
    [{ deed: 'join' }, 'list:user:action:subscribe'],
    [{ deed: 'join', invitation: true }, 'list:user:action:invite'],
    [{ deed: 'leave' }, 'list:user:action:unsubscribe'],
  ] as const)('has a link where the site has web pages: %j', async (wish, kind) => {
    const email = somebody();
    if (wish.deed === 'leave') await world.member(list, email);
    const outcome = await runSubscription(world.wish(list, { ...wish, email }), {
      ...world.ports,
      links: { ...world.ports.links, confirm: async ({ token }) => `https://lists.example.com/c/${token}` },
    });
    const mail = await onlyMail();
    expect(mail.kind).toBe(kind);
    expect(mail.text).toContain(`\r\n\r\n    https://lists.example.com/c/${tokenOf(outcome)}\r\n\r\n`);
  });
});

describe('a new member', () => {
  it('is greeted from -request, in a mail that archives leave alone', async () => {
    const email = somebody();
    const wish = { deed: 'join', email, display_name: 'Anne Person', pre_verified: true } as const;
    const open = await world.list({ subscription_policy: 'open', display_name: 'Bees' });
    await world.wished(open, { ...wish, delivery_mode: 'mime_digests' });
    const mail = await onlyMail();
    expect(mail.header('From')).toBe(`Bees <${open.list_name}-request@example.com>`);
    expect(mail.header('To')).toBe(`Anne Person <${email}>`);
    expect(mail.header('Subject')).toBe('Welcome to the mailing list Bees (digest mode)');
    expect(mail.header('X-No-Archive')).toBe('yes');
    expect(mail.verp).toBe(false);
    expect(mail.text).toContain(`${open.list_name}-leave@example.com`);
    expect(await world.store.members.get(open.list_id, 'member', email)).toMatchObject({
      display_name: 'Anne Person',
      delivery_mode: 'mime_digests',
    });
  });

  it.each([
    [{ send_welcome_message: true }, undefined, 1],
    [{ send_welcome_message: false }, undefined, 0],
    [{ send_welcome_message: true }, false, 0],
    [{ send_welcome_message: false }, true, 1],
  ])('is greeted as the list does it, or as the request says: %j, %j', async (settings, send, greeted) => {
    const to = await world.list({ subscription_policy: 'open', ...settings });
    await world.wished(to, {
      deed: 'join',
      email: somebody(),
      pre_verified: true,
      ...(send === undefined ? {} : { send_welcome: send }),
    });
    expect(await world.mails()).toHaveLength(greeted);
  });

  it('is a user with a verified address, and no nonmember any more', async () => {
    const email = somebody();
    await world.member(list, email, { role: 'nonmember', moderation_action: 'discard' });
    const token = tokenOf(await world.wished(list, { deed: 'join', email, display_name: 'Anne' }));
    expect(await world.store.addresses.get(email)).toBeUndefined();
    // The answer came from another address of the same person, which is not verified by it.
    const other = somebody();
    await world.wished(list, { deed: 'confirm', token, by: other });
    const address = await world.store.addresses.get(email);
    expect(address).toMatchObject({ display_name: 'Anne', verified_on: expect.any(String) });
    expect(await world.store.addresses.get(other)).toBeUndefined();
    expect(await world.store.users.get(address?.user_id ?? '')).toMatchObject({ display_name: 'Anne' });
    expect(await world.store.members.get(list.list_id, 'nonmember', email)).toBeUndefined();
    // On another list it is the same user, and no confirmation is needed where none is asked for.
    const open = await world.list({ subscription_policy: 'open' });
    expect(endOf(await world.wished(open, { deed: 'join', email }))).toBe('done');
    expect(await world.store.addresses.get(email)).toEqual(address);
    await world.mails();
  });

  it('has what the same address had before, but for what bounces did', async () => {
    const email = somebody();
    const open = await world.list({ subscription_policy: 'open', unsubscription_policy: 'open' });
    const kept = { moderation_action: 'hold', hide_address: false, delivery_mode: 'mime_digests' } as const;
    await world.address(email, true);
    await world.member(open, email, { ...kept, delivery_status: 'by_bounces' });
    await world.wished(open, { deed: 'leave', email });
    await world.wished(open, { deed: 'join', email });
    const member = await world.store.members.get(open.list_id, 'member', email);
    expect(member).toMatchObject(kept);
    expect(member?.delivery_status).toBeUndefined();
    await world.wished(open, { deed: 'leave', email });
    await world.wished(open, { deed: 'join', email, delivery_mode: 'regular' });
    expect(await world.store.members.get(open.list_id, 'member', email)).toMatchObject({
      ...kept,
      delivery_mode: 'regular',
    });
    await world.mails();
  });
});

describe('somebody who became a member in another way meanwhile', () => {
  it('is not greeted for a confirmation that comes too late, and stays the member that there is', async () => {
    const email = somebody();
    const token = tokenOf(await world.wished(list, { deed: 'join', email }));
    const member = await world.member(list, email, { display_name: 'Added by hand' });
    await world.mails();
    expect(endOf(await world.wished(list, { deed: 'confirm', token }))).toBe('done');
    expect(await world.mails()).toEqual([]);
    expect(await world.store.members.get(list.list_id, 'member', email)).toEqual(member);
  });
});

describe('the owners', () => {
  it('are asked with a mail to reply to, and a reply accepts', async () => {
    const email = somebody();
    const moderated = await world.list({ subscription_policy: 'moderate' });
    await world.member(moderated, owner, { role: 'owner' });
    await world.address(email, true);
    const token = tokenOf(await world.wished(moderated, { deed: 'join', email, display_name: 'An\r\nne' }));
    const mail = await onlyMail();
    expect(mail.to).toEqual([owner]);
    expect(mail.header('To')).toBe(`${moderated.list_name}-owner@example.com`);
    expect(mail.text).toContain(`An ne <${email}>`);
    expect(mail.text).toContain(`\r\nSubject: confirm ${token}\r\nFrom: ${moderated.list_name}-request@`);
    const reply = await world.wished(moderated, { deed: 'confirm', token, by: owner });
    expect(endOf(reply)).toBe('done');
    expect((await onlyMail()).to).toEqual([email]);
  });

  it('are not asked at once, nor told of changes, where the list does not want that', async () => {
    const email = somebody();
    const quiet = await world.list({
      subscription_policy: 'moderate',
      admin_immed_notify: false,
      send_welcome_message: false,
      send_goodbye_message: false,
      unsubscription_policy: 'open',
    });
    await world.member(quiet, owner, { role: 'owner' });
    await world.address(email, true);
    const token = tokenOf(await world.wished(quiet, { deed: 'join', email }));
    expect(endOf(await world.wished(quiet, { deed: 'accept', token }))).toBe('done');
    expect(endOf(await world.wished(quiet, { deed: 'leave', email }))).toBe('done');
    expect(await world.mails()).toEqual([]);
  });

  it('reject with a comment, which goes to nobody who has not confirmed', async () => {
    const policy = { subscription_policy: 'confirm_then_moderate' };
    const moderated = await world.list(policy);
    const [confirmed, stranger] = [somebody(), somebody()];
    const first = tokenOf(await world.wished(moderated, { deed: 'join', email: confirmed }));
    const token = tokenOf(await world.wished(moderated, { deed: 'confirm', token: first }));
    const unconfirmed = tokenOf(await world.wished(moderated, { deed: 'join', email: stranger }));
    await world.mails();
    await world.wished(moderated, { deed: 'reject', token, comment: 'We are full.', by: owner });
    const mail = await onlyMail();
    expect(mail.to).toEqual([confirmed]);
    expect(mail.text).toContain('We are full.');
    expect(endOf(await world.wished(moderated, { deed: 'reject', token: unconfirmed }))).toBe('rejected');
    expect(await world.mails()).toEqual([]);
    expect(await world.store.members.get(moderated.list_id, 'member', confirmed)).toBeUndefined();
    expect((await world.store.addresses.get(confirmed))?.verified_on).toBeDefined();
    expect(await world.store.addresses.get(stranger)).toBeUndefined();
  });
});

describe('the flags of a wish', () => {
  it.each([
    ['open', 'pre_verified', 'done'],
    ['open', 'pre_confirmed pre_approved', 'confirming'],
    ['confirm', 'pre_verified', 'confirming'],
    ['confirm', 'pre_verified pre_confirmed', 'done'],
    ['moderate', 'pre_verified', 'moderating'],
    ['moderate', 'pre_verified pre_approved', 'done'],
    ['confirm_then_moderate', 'pre_verified pre_confirmed', 'moderating'],
    ['confirm_then_moderate', 'pre_verified pre_approved', 'confirming'],
    ['confirm_then_moderate', 'pre_verified pre_confirmed pre_approved', 'done'],
  ])('to join a list with the policy %s: %s', async (subscription_policy, flags, end) => {
    const to = await world.list({ subscription_policy });
    const given = Object.fromEntries(flags.split(' ').map((flag) => [flag, true]));
    const email = somebody();
    expect(endOf(await world.wished(to, { deed: 'join', email, ...given }))).toBe(end);
    const known = await world.store.addresses.get(email);
    expect(known?.verified_on !== undefined).toBe(end === 'done' || end === 'moderating');
    await world.mails();
  });

  it.each([
    ['moderate', 'pre_approved', 'done'],
    ['moderate', 'pre_confirmed', 'moderating'],
    ['confirm', 'pre_confirmed', 'done'],
    ['confirm', 'pre_approved', 'confirming'],
    ['confirm_then_moderate', 'pre_confirmed', 'done'],
  ])('to leave a list with the policy %s: %s', async (unsubscription_policy, flag, end) => {
    const from = await world.list({ unsubscription_policy });
    const email = somebody();
    await world.member(from, email, { delivery_status: 'by_bounces' });
    expect(endOf(await world.wished(from, { deed: 'leave', email, [flag]: true }))).toBe(end);
    await world.mails();
  });
});

describe('what comes to nothing', () => {
  it.each([
    ['no address', 'invalid-address'],
    ['', 'invalid-address'],
    ['ant1@example.com', 'list-address'],
    ['ant1-bounces@example.com', 'list-address'],
    ['ant1-confirm+abc@example.com', 'list-address'],
    ['noreply@example.com', 'list-address'],
  ])('a wish to join of "%s": %s', async (email, reason) => {
    expect(endOf(await world.wished(list, { deed: 'join', email, invitation: true }))).toBe(reason);
    expect(await world.mails()).toEqual([]);
  });

  it('a ban of the list or of the site holds for whoever is invited, and for whoever confirms later', async () => {
    const { store, wished } = world;
    const email = somebody();
    const token = tokenOf(await wished(list, { deed: 'join', email }));
    await store.bans.add(null, '^person\\d+@');
    expect(endOf(await wished(list, { deed: 'join', email: somebody(), invitation: true }))).toBe('banned');
    expect(endOf(await wished(list, { deed: 'confirm', token }))).toBe('banned');
    await store.bans.remove(null, '^person\\d+@');
    expect(endOf(await wished(list, { deed: 'confirm', token }))).toBe('done');
    await world.mails();
  });
});

describe('whoever wishes in the name of somebody else', () => {
  it('makes one mail leave for an address and list, whatever they do on that day', async () => {
    const { wished } = world;
    const email = somebody();
    const token = tokenOf(await wished(list, { deed: 'join', email }));
    expect(endOf(await wished(list, { deed: 'join', email }))).toBe('pending');
    expect(endOf(await wished(list, { deed: 'discard', token }))).toBe('discarded');
    expect(endOf(await wished(list, { deed: 'join', email }))).toBe('too-many');
    await onlyMail();
    // Administrators know what they do.
    expect(endOf(await wished(list, { deed: 'join', email, invitation: true }))).toBe('invited');
    await onlyMail();
  });

  it('makes some mails an hour leave for an address, on all lists together', async () => {
    const ends: string[] = [];
    const email = somebody();
    for (let count = 0; count < 7; count += 1) {
      ends.push(endOf(await world.wished(await world.list(), { deed: 'join', email })));
    }
    expect(ends).toEqual([...Array.from({ length: 5 }, () => 'confirming'), 'too-many', 'too-many']);
    expect(await world.mails()).toHaveLength(5);
    world.pass(3600);
    expect(endOf(await world.wished(await world.list(), { deed: 'join', email }))).toBe('confirming');
    await onlyMail();
  });

  it('learns nothing of a member, whom a mail tells once a day', async () => {
    await world.member(list, anne);
    for (let count = 0; count < 3; count += 1) {
      expect(endOf(await world.wished(list, { deed: 'join', email: 'Anne@Example.org' }))).toBe('member');
    }
    const mail = await onlyMail();
    expect(mail.to).toEqual([anne]);
    expect(mail.kind).toBe('list:user:notice:already-member');
    world.pass(86_400);
    await world.wished(list, { deed: 'join', email: anne });
    await onlyMail();
    // An administrator is told, and the member is left in peace.
    expect(endOf(await world.wished(list, { deed: 'join', email: anne, invitation: true }))).toBe('member');
    expect(await world.mails()).toEqual([]);
  });

  it('is little work for us when the address is a member, however often they do it', async () => {
    const email = somebody();
    await world.member(list, email);
    await world.wished(list, { deed: 'join', email });
    /** A run that dies after a call dies until there is no such call. */
    let requests = 0;
    for (let died = true; died; requests += died ? 1 : 0) {
      const mortal = world.mortal(requests);
      const message = world.wish(list, { deed: 'join', email });
      await runSubscription(message, mortal.ports).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error;
      });
      died = mortal.died();
    }
    // The list, its request, the member, and the limit, which is asked twice when it is reached.
    expect(requests).toBe(5);
    await onlyMail();
  });

  it('somebody who left on the same day can come back on it', async () => {
    const { wished } = world;
    const email = somebody();
    const there = await world.list({ unsubscription_policy: 'open' });
    const first = tokenOf(await wished(there, { deed: 'join', email }));
    expect(endOf(await wished(there, { deed: 'confirm', token: first }))).toBe('done');
    expect(endOf(await wished(there, { deed: 'leave', email }))).toBe('done');
    expect(endOf(await wished(there, { deed: 'join', email }))).toBe('confirming');
    await world.mails();
  });

  it('a hundred wishes at once are one mail', async () => {
    const email = somebody();
    const wishes = Array.from({ length: 100 }, () => world.wish(list, { deed: 'join', email }));
    const ends = await Promise.all(wishes.map(async (wish) => endOf(await world.run(wish))));
    expect(ends.filter((end) => end === 'confirming')).toHaveLength(1);
    await onlyMail();
  });
});

it('the mail log tells what came of it, and names nobody', async () => {
  world.lines.length = 0;
  const email = somebody();
  const message = world.wish(list, { deed: 'join', email });
  await world.run(message);
  expect(world.lines.map((line) => JSON.parse(line))).toEqual([
    {
      maillog: 'subscription',
      at: expect.any(String),
      id: message.id,
      list: list.list_id,
      deed: 'join',
      outcome: 'confirming',
    },
  ]);
  expect(world.lines.join()).not.toContain(email);
  await world.mails();
});
