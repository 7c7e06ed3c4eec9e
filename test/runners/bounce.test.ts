import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { runBounce } from '../../lib/runners/bounce.ts';
import { runRefusals } from '../../lib/runners/bounce-refusals.ts';
import { runBounceSummary } from '../../lib/runners/bounce-summary.ts';
import { readSesEvent } from '../../lib/ses/ses-event.ts';
import { linksFor } from '../../lib/web/links.ts';
import { type BounceWorld, complaint, openBounceWorld, report } from './bounce-world.ts';

const anne = 'Anne@example.org';
const olga = 'olga@example.net';

let world: BounceWorld;
beforeAll(async () => {
  world = await openBounceWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.at('2026-11-21T12:00:00.000Z');
  await Promise.all([world.receive('pipeline'), world.receive('bounces'), world.receive('command')]);
});

/** A list with a member and an owner, to which nobody has written yet. */
const newList = async (settings: Readonly<Record<string, unknown>> = {}): Promise<MailingList> => {
  const list = await world.list(settings);
  await world.member(list, anne, { display_name: 'Anne', subscribed_at: '2026-01-01T00:00:00.000Z' });
  await world.member(list, olga, { role: 'owner' });
  return list;
};

/** The same with a post, so that something can come back. */
const listOf = async (settings: Readonly<Record<string, unknown>> = {}): Promise<MailingList> => {
  const list = await newList(settings);
  await world.post(list);
  return list;
};

const score = async (list: MailingList): Promise<number> =>
  (await world.memberOf(list, anne))?.bounce_score ?? 0;

describe('what scores', () => {
  const mail = (options?: Parameters<typeof report>[1]) => (list: MailingList) =>
    world.bounce(list, report(anne, options));
  const relay = (reply: string) => (list: MailingList) => world.refuse(list, anne, reply);
  const ses = (options?: Parameters<BounceWorld['sesBounce']>[2]) => (list: MailingList) =>
    world.ses(world.sesBounce(list, anne, options));
  /** What SES says of a mail that it gave up, where the server gave no code. */
  const unsaid = (subType: string) => ({ type: 'Transient', subType, status: null });
  const full = { status: '4.2.2', said: '452 4.2.2 Mailbox full', action: 'delayed' };
  const blocked = { status: '5.7.1', said: '554 5.7.1 Blocked by Spamhaus' };
  const dmarc = { status: '5.7.26', said: '550 5.7.26 Unauthenticated email is not accepted due to DMARC' };

  it.each([
    ['a report of an unknown user', mail(), { scored: 1 }],
    ['a report of a delay', mail(full), { temporary: 1 }],
    ['a report of a block list', mail(blocked), { blocked: 1 }],
    ['a report of DMARC', mail(dmarc), { blocked: 1 }],
    ['a report of a success', mail({ status: '2.0.0', said: '250 ok', action: 'delivered' }), {}],
    ['a reply of RCPT with 5.1.1', relay('rejected 550 5.1.1'), { scored: 1 }],
    ['a reply of RCPT with 5.2.1', relay('rejected 550 5.2.1'), { scored: 1 }],
    ['a reply of RCPT without an enhanced code', relay('rejected 554'), { scored: 1 }],
    ['a reply of RCPT that is about us', relay('rejected 550 5.7.1'), { blocked: 1 }],
    ['a reply of RCPT that is about the sender', relay('rejected 550 5.1.8'), { blocked: 1 }],
    ['a reply of RCPT that is about the size', relay('rejected 552 5.2.3'), { blocked: 1 }],
    ['a reply of RCPT that is about how much we send', relay('rejected 550 5.1.90'), { blocked: 1 }],
    ['a reply of RCPT that is about how much an address gets', relay('rejected 554 5.2.121'), { blocked: 1 }],
    ['a reply of RCPT that is about the way', relay('rejected 550 5.4.1'), { blocked: 1 }],
    ['a reply of RCPT that is about a loop', relay('rejected 554 5.4.6'), { blocked: 1 }],
    ['a reply of RCPT that is about time', relay('rejected 550 5.4.7'), { blocked: 1 }],
    ['a reply of RCPT that is about the server', relay('rejected 550 5.3.0'), { blocked: 1 }],
    ['a reply of RCPT that is about the protocol', relay('rejected 550 5.5.2'), { blocked: 1 }],
    ['a reply of RCPT that is about nothing known', relay('rejected 550 5.0.0'), { blocked: 1 }],
    ['five days of a full mailbox', relay('expired 452 4.2.2'), { scored: 1 }],
    ['five days of greylisting', relay('expired 450'), { scored: 1 }],
    ['five days of a block list', relay('expired 451 4.7.1'), { blocked: 1 }],
    ['five days of a host that does not answer', relay('expired 450 4.4.1'), { scored: 1 }],
    ['five days of a sender that is not liked', relay('expired 450 4.1.8'), { blocked: 1 }],
    ['five days of a server in trouble', relay('expired 451 4.3.0'), { temporary: 1 }],
    [
      'five days of a server in trouble, told without an enhanced code',
      relay('expired 451'),
      { temporary: 1 },
    ],
    ['five days of a server short of room', relay('expired 452'), { temporary: 1 }],
    ['five days of a directory that cannot be asked', relay('expired 451 4.4.3'), { temporary: 1 }],
    ['five days of too many recipients', relay('expired 452 4.5.3'), { temporary: 1 }],
    ['five days of a command that is not understood', relay('expired 503 5.5.1'), { temporary: 1 }],
    ['five days of the same without an enhanced code', relay('expired 503'), { temporary: 1 }],
    ['five days of nobody knows what', relay('expired other'), { temporary: 1 }],
    ['a permanent bounce of SES', ses(), { scored: 1 }],
    [
      'a transient bounce of SES',
      ses({ type: 'Transient', subType: 'MailboxFull', status: '4.2.2' }),
      { temporary: 1 },
    ],
    [
      'an undetermined bounce of SES',
      ses({ type: 'Undetermined', subType: 'Undetermined', status: '5.3.0' }),
      { temporary: 1 },
    ],
    ['a suppressed address of SES', ses({ subType: 'OnAccountSuppressionList' }), { scored: 1 }],
    ['a blocked mail of SES', ses({ status: '5.7.1' }), { blocked: 1 }],
    ['a mail too large for SES to deliver', ses(unsaid('MessageTooLarge')), { blocked: 1 }],
    ['a mail whose content SES could not deliver', ses(unsaid('ContentRejected')), { blocked: 1 }],
    ['a mail whose attachment SES could not deliver', ses(unsaid('AttachmentRejected')), { blocked: 1 }],
    ['a full mailbox that SES gave up', ses(unsaid('MailboxFull')), { temporary: 1 }],
  ])('%s', async (_, come, did) => {
    const list = await listOf();
    await come(list);
    expect(world.did()).toEqual(did);
    expect(await score(list)).toBe('scored' in did ? 1 : 0);
    const off = await listOf({ process_bounces: false });
    await come(off);
    expect(await score(off)).toBe(0);
    expect(await world.notices()).toEqual([]);
  });

  it('nobody who is not a member', async () => {
    const list = await listOf();
    await world.bounce(list, report('stranger@example.org'));
    await world.refuse(list, olga, 'rejected 550 5.1.1');
    expect(world.did()).toEqual({ 'no-member': 1 });
  });

  it('why is kept, and shown', async () => {
    const list = await listOf();
    await world.ses(world.sesBounce(list, anne, { subType: 'OnAccountSuppressionList' }));
    expect(await world.memberOf(list, anne)).toMatchObject({
      bounce_score: 1,
      bounce_why: 'suppressed by Amazon SES (OnAccountSuppressionList)',
      bouncing_since: '2026-11-21T12:00:00.000Z',
    });
  });
});

describe('whom it is about', () => {
  const loud = anne.toUpperCase();
  it.each<[string, (list: MailingList) => Promise<unknown>]>([
    ['a report', (list) => world.bounce(list, report(loud))],
    [
      'its sender',
      (list) =>
        world.bounce(list, report('x@example.net'), {
          recipient: `${list.list_name}-bounces+anne=EXAMPLE.ORG@${list.mail_host}`,
        }),
    ],
    ['the relay', (list) => world.refuse(list, loud, 'rejected 550 5.1.1')],
    ['Amazon SES', (list) => world.ses(world.sesBounce(list, loud))],
    ['Amazon SES with a name', (list) => world.ses(world.sesBounce(list, `Anne <${loud}>`))],
  ])('is known by %s in any letter case', async (_, come) => {
    const list = await listOf();
    await come(list);
    expect(await score(list)).toBe(1);
  });

  it.each(['by_user', 'by_moderator', 'by_bounces'] as const)(
    'is not scored when posts do not come: %s',
    async (delivery_status) => {
      const list = await listOf();
      await world.store.members.set(list.list_id, 'member', anne, { delivery_status });
      await world.refuse(list, anne, 'rejected 550 5.1.1');
      expect(world.did()).toEqual({ residual: 1 });
      expect(await world.memberOf(list, anne)).toMatchObject({ delivery_status });
    },
  );

  const endless = `${'a'.repeat(2000)}@example.org`;
  const foreign = `${'ж'.repeat(240)}@example.org`;
  it.each<[string, (list: MailingList) => Promise<unknown>]>([
    [
      'its sender',
      (list) => {
        const recipient = `${list.list_name}-bounces+${endless.replace('@', '=')}@${list.mail_host}`;
        return world.bounce(list, report('x@example.net'), { recipient });
      },
    ],
    ['the relay', (list) => world.refuse(list, endless, 'rejected 550 5.1.1')],
    ['the relay, of the post', (list) => world.refuse(list, endless, 'rejected 550 5.7.1')],
    [
      'the relay, in letters of many octets',
      (list) => world.refuse(list, foreign.repeat(3), 'rejected 550 5.7.1'),
    ],
    ['Amazon SES', (list) => world.ses(world.sesBounce(list, endless))],
  ])('is nobody when %s tells of an address that is longer than any', async (_, come) => {
    const list = await listOf();
    await come(list);
    expect(world.did()).toEqual({ 'no-member': 1 });
  });

  it('is not the member when an owner with another address bounces', async () => {
    const list = await listOf();
    await world.ses(world.sesBounce(list, olga));
    expect(world.did()).toEqual({ 'no-member': 1 });
    expect(await score(list)).toBe(0);
  });

  it('is each of several, in one report and in one event', async () => {
    const list = await listOf();
    await world.member(list, 'bert@example.org');
    const recipients = [anne, 'stranger@example.org', 'bert@example.org'];
    await world.ses(
      world.sesEvent(list, {
        eventType: 'Bounce',
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: recipients.map((emailAddress) => ({ emailAddress, status: '5.1.1' })),
          timestamp: world.clock.now().toISOString(),
          feedbackId: 'several',
        },
      }),
    );
    expect(world.did()).toEqual({ scored: 2, 'no-member': 1 });
  });
});

describe('an event of Amazon SES', () => {
  it('counts once, when it comes again on another day, or after the member was enabled again', async () => {
    const list = await listOf({ bounce_score_threshold: 2 });
    const event = world.sesBounce(list, anne);
    await world.ses(event);
    world.pass(1);
    await world.ses(event);
    expect(await score(list)).toBe(1);
    const last = world.sesBounce(list, anne);
    await world.ses(last);
    await world.store.members.set(list.list_id, 'member', anne, { delivery_status: 'enabled' });
    world.pass(1);
    await world.ses(last);
    expect(await world.memberOf(list, anne)).toMatchObject({ delivery_status: 'enabled' });
    expect(await score(list)).toBe(0);
  });

  it('about a list that is gone, or without our tags, is for nobody', async () => {
    const list = await newList();
    await world.store.lists.remove(list.list_id);
    await world.ses(world.sesBounce(list, anne));
    expect(world.did()).toEqual({});
    const untagged = { ...world.sesBounce(list, anne) };
    await world.ses({ ...untagged, mail: { ...untagged.mail, tags: {} } });
    expect(world.did()).toEqual({});
    expect(await world.notices()).toEqual([]);
  });

  it('of a kind that was not asked for, or with a part that nobody can read, is for the shunt', () => {
    const mail = { timestamp: '2026-11-21T12:00:00Z', messageId: '0100' };
    expect(() => readSesEvent({ eventType: 'Open', mail, open: {} })).toThrow(/"Open".* does not ask for/);
    expect(() => readSesEvent({ eventType: 'Bounce', mail, bounce: {} })).toThrow(ShuntError);
    expect(readSesEvent({ v: 1, type: 'mail', queue: 'bounces' })).toBeUndefined();
  });
});

it('who is on the suppression list of the account for a complaint scores, and has complained about no mail of the list', async () => {
  const list = await listOf();
  await world.ses(
    world.sesEvent(list, {
      eventType: 'Complaint',
      complaint: {
        complainedRecipients: [{ emailAddress: anne }],
        timestamp: world.clock.now().toISOString(),
        complaintSubType: 'OnAccountSuppressionList',
      },
    }),
  );
  expect(world.did()).toEqual({ scored: 1 });
  expect(await world.memberOf(list, anne)).toMatchObject({
    bounce_score: 1,
    bounce_why: 'suppressed by Amazon SES after a complaint (OnAccountSuppressionList)',
  });
  expect(await world.notices()).toEqual([]);
});

describe('once a day and address', () => {
  it('whatever comes, from wherever', async () => {
    const list = await listOf();
    // SES tells of the same bounce by an event and by a mail of its own.
    await world.ses(world.sesBounce(list, anne));
    await world.bounce(list, report(anne));
    await world.refuse(list, anne, 'rejected 550 5.1.1');
    expect(await score(list)).toBe(1);
    expect(world.did()).toEqual({ 'same-day': 1 });
    world.at('2026-11-22T00:00:01.000Z');
    await world.bounce(list, report(anne));
    expect(await score(list)).toBe(2);
  });

  it.each([
    ['the event first', true],
    ['the mail first', false],
  ])('one mail once, when Amazon SES tells of it before and after midnight, %s', async (_, eventFirst) => {
    const list = await listOf();
    const messageId = `0100-one-${eventFirst}`;
    const event = () => world.ses(world.sesBounce(list, anne, { messageId }));
    const mail = () =>
      world.bounce(list, report(anne, { returned: `<${messageId}@eu-west-1.amazonses.com>` }));
    world.at('2026-11-21T23:59:58.000Z');
    await (eventFirst ? event() : mail());
    world.at('2026-11-22T00:00:03.000Z');
    await (eventFirst ? mail() : event());
    expect(world.did()).toEqual({ 'same-mail': 1 });
    expect(await score(list)).toBe(1);
    // Another mail that comes back is another day's point.
    await world.bounce(list, report(anne, { returned: '<0100-other@email.amazonses.com>' }));
    expect(await score(list)).toBe(2);
  });

  it('one mail once, when its mail server reports it every day', async () => {
    const list = await listOf();
    for (const returned of ['<a@Example.com>', '<a@example.com>', '<b@example.com>', '']) {
      world.pass(1);
      await world.bounce(list, report(anne, { returned }));
    }
    expect(await score(list)).toBe(3);
  });

  it('one report once, when it comes by two ways and names no mail', async () => {
    const list = await listOf();
    const arrived = await world.arriveBounce(list, report(anne));
    await runBounce(arrived, world.ports);
    world.pass(1);
    // Another mail to the runner, and other bytes perhaps, but the same Message-ID.
    const again = await world.arriveBounce(list, report(anne));
    await runBounce({ ...again, messageId: arrived.messageId }, world.ports);
    expect(world.did()).toEqual({ 'same-mail': 1 });
    await world.bounce(list, report(anne));
    expect(await score(list)).toBe(2);
  });

  it('however many come at once, and however often each comes', async () => {
    const list = await listOf({ bounce_notify_owner_on_bounce_increment: true });
    const messages = await Promise.all(
      Array.from({ length: 5 }, () => world.arriveBounce(list, report(anne))),
    );
    await Promise.all([...messages, ...messages].map((message) => runBounce(message, world.ports)));
    expect(await score(list)).toBe(1);
    expect(new Set((await world.notices()).map(({ id }) => id)).size).toBe(1);
    // Three days later one of them comes once more.
    world.pass(3);
    for (const message of messages) await runBounce(message, world.ports);
    expect(await score(list)).toBe(1);
  });

  it('by the day of UTC, to the millisecond', async () => {
    const list = await listOf();
    for (const [at, points] of [
      ['2026-11-21T23:59:59.999Z', 1],
      ['2026-11-22T00:00:00.000Z', 2],
      ['2026-11-22T23:59:59.999Z', 2],
      // A message that was late is of the day on which it arrived.
      ['2026-11-21T22:00:00.000Z', 2],
      ['2026-11-23T00:00:00.000Z', 3],
    ] as const) {
      world.at(at);
      await world.refuse(list, anne, 'rejected 550 5.1.1');
      expect([at, await score(list)]).toEqual([at, points]);
    }
  });

  it.each([
    ['goes on when the last one is just as long ago', 0, 2],
    ['begins anew a millisecond later', 1, 1],
  ])('the score %s', async (_, later, points) => {
    const list = await listOf({ bounce_info_stale_after: '2d' });
    await world.refuse(list, anne, 'rejected 550 5.1.1');
    world.at(new Date(Date.parse('2026-11-23T12:00:00.000Z') + later).toISOString());
    await world.refuse(list, anne, 'rejected 550 5.1.1');
    expect(await score(list)).toBe(points);
  });

  it('and anew when the last one is long ago', async () => {
    const list = await listOf({ bounce_info_stale_after: '3d' });
    for (const days of [0, 1, 1]) {
      world.pass(days);
      await world.bounce(list, report(anne));
    }
    expect(await score(list)).toBe(3);
    world.pass(3, 1);
    await world.bounce(list, report(anne));
    expect(await world.memberOf(list, anne)).toMatchObject({
      bounce_score: 1,
      bouncing_since: world.clock.now().toISOString(),
    });
  });
});

describe('a report that comes by mail', () => {
  const verp = (list: MailingList): string => `${list.list_name}-bounces+anne=example.org@${list.mail_host}`;
  const ways: readonly (readonly [string, (list: MailingList) => Promise<unknown>])[] = [
    ['its sender', (list) => world.bounce(list, report('forwarded@example.net'), { recipient: verp(list) })],
    ['its delivery status', (list) => world.bounce(list, report(anne))],
  ];

  it.each(ways)('that names a member by %s counts only where a post went to the member', async (_, come) => {
    const list = await newList();
    await come(list);
    expect(world.did()).toEqual({ 'no-post': 1 });
    await world.post(list);
    await come(list);
    expect(world.did()).toEqual({ scored: 1 });
    expect(await score(list)).toBe(1);
  });

  it.each(ways)(
    'that names a member by %s does not where the last one was sent 31 days ago',
    async (_, come) => {
      const list = await listOf();
      world.pass(29);
      await come(list);
      expect(world.did()).toEqual({ scored: 1 });
      world.pass(2);
      await come(list);
      expect(world.did()).toEqual({ 'no-post': 1 });
    },
  );

  it('that names who joined after the last post does not count', async () => {
    const list = await listOf();
    await world.member(list, 'late@example.org');
    await world.bounce(list, report('late@example.org'));
    expect(world.did()).toEqual({ 'no-post': 1 });
  });

  it('is not asked for where the relay or Amazon SES tell it themselves', async () => {
    const [one, other] = [await newList(), await newList()];
    await world.refuse(one, anne, 'rejected 550 5.1.1');
    await world.ses(world.sesBounce(other, anne));
    expect([await score(one), await score(other)]).toEqual([1, 1]);
  });
});

describe('at the threshold', () => {
  const bounceTo = async (list: MailingList, days: number): Promise<void> => {
    for (let count = 0; count < days; count += 1) {
      world.pass(1);
      await world.bounce(list, report(anne));
    }
  };

  it('delivery is disabled and the owners are told with the bounce; then nothing counts any more', async () => {
    const list = await listOf({ bounce_score_threshold: 3, bounce_notify_owner_on_bounce_increment: true });
    await bounceTo(list, 3);
    expect(await world.memberOf(list, anne)).toMatchObject({
      delivery_status: 'by_bounces',
      bounce_score: 3,
      total_warnings_sent: 0,
    });
    const told = await world.notices();
    expect(told.map(({ subject }) => subject.split(' on ')[0])).toEqual([
      `${anne} bounces`,
      `${anne} bounces`,
      `${anne} bounces`,
      `Delivery to ${anne} is disabled`,
    ]);
    for (const { to, text } of told) {
      expect(to).toEqual([olga]);
      expect(text).toContain('Final-Recipient: rfc822; Anne@example.org');
    }
    await bounceTo(list, 2);
    expect(world.did()).toEqual({ residual: 1 });
    expect(await score(list)).toBe(3);
  });

  it('nobody is told who does not want to be', async () => {
    const list = await listOf({ bounce_score_threshold: 1, bounce_notify_owner_on_disable: false });
    await bounceTo(list, 1);
    expect((await world.memberOf(list, anne))?.delivery_status).toBe('by_bounces');
    expect(await world.notices()).toEqual([]);
  });

  it('who is enabled again begins at 0, also when an old bounce comes again', async () => {
    const list = await listOf({ bounce_score_threshold: 2 });
    await bounceTo(list, 1);
    world.pass(1);
    const last = await world.bounce(list, report(anne));
    await world.store.members.set(list.list_id, 'member', anne, { delivery_status: 'enabled' });
    await runBounce(last, world.ports);
    expect(await world.memberOf(list, anne)).toMatchObject({ delivery_status: 'enabled' });
    expect(await score(list)).toBe(0);
    await bounceTo(list, 1);
    expect(await score(list)).toBe(1);
  });

  it('is warned at once, and after each interval, and after the last removed', async () => {
    const list = await listOf({ bounce_score_threshold: 1, bounce_notify_owner_on_disable: false });
    await bounceTo(list, 1);
    const said: string[][] = [];
    // The clock strikes before each date and on it, and each message comes twice.
    let days = 0;
    for (const next of [0, 1, 6, 7, 14, 20, 21, 22]) {
      world.pass(next - days);
      days = next;
      await world.strike(list, 2);
      const told = new Map(
        (await world.notices()).map(({ id, subject, to }) => [id, `${days}: ${subject} -> ${to}`]),
      );
      said.push([...told.values()]);
    }
    const address = `${list.list_name}@${list.mail_host}`;
    const warned = `Your subscription to ${address} is disabled -> ${anne}`;
    expect(said.flat()).toEqual([
      `0: ${warned}`,
      `7: ${warned}`,
      `14: ${warned}`,
      `21: You have left ${address} -> ${anne}`,
      `21: ${anne} was removed from ${address} by bounces -> ${olga}`,
    ]);
    expect(await world.memberOf(list, anne)).toBeUndefined();
    expect(await world.store.members.former.get(list.list_id, anne, world.clock.now())).toBeDefined();
  });

  it('is removed at once when there are to be no warnings', async () => {
    const list = await listOf({ bounce_score_threshold: 1, bounce_you_are_disabled_warnings: 0 });
    await bounceTo(list, 1);
    await world.strike(list);
    expect(await world.memberOf(list, anne)).toBeUndefined();
  });

  it.each([
    ['nobody', { bounce_notify_owner_on_removal: false }, []],
    ['the owners', { bounce_notify_owner_on_removal: true }, [olga]],
    [
      'the owners who hear of all who leave',
      { bounce_notify_owner_on_removal: false, admin_notify_mchanges: true },
      [olga],
    ],
  ])('of a removal hear %s, as the list says', async (_, settings, whom) => {
    const list = await listOf({
      ...settings,
      bounce_notify_owner_on_disable: false,
      bounce_score_threshold: 1,
      bounce_you_are_disabled_warnings: 0,
      send_goodbye_message: false,
    });
    await bounceTo(list, 1);
    await world.strike(list);
    expect(await world.memberOf(list, anne)).toBeUndefined();
    expect((await world.notices()).flatMap(({ to }) => to)).toEqual(whom);
  });

  it('nothing more is due when the list does not process bounces any more', async () => {
    const list = await listOf({ bounce_score_threshold: 1, bounce_notify_owner_on_disable: false });
    await bounceTo(list, 1);
    await world.store.lists.set(list.list_id, { process_bounces: false });
    const off = await world.store.lists.byId(list.list_id);
    if (off === undefined) throw new Error('There is no list');
    await world.strike(off);
    expect(await world.notices()).toEqual([]);
    await world.strike(list);
    expect(await world.notices()).toEqual([]);
    expect(await world.memberOf(list, anne)).toBeDefined();
  });

  it('who is enabled again in between is neither warned nor removed', async () => {
    const list = await listOf({ bounce_score_threshold: 1 });
    await bounceTo(list, 1);
    await world.strike(list);
    await world.store.members.set(list.list_id, 'member', anne, { delivery_status: null });
    await world.notices();
    for (let days = 0; days < 30; days += 7) {
      world.pass(7);
      await world.strike(list);
    }
    expect(await world.notices()).toEqual([]);
    expect(await world.memberOf(list, anne)).toBeDefined();
  });

  it('who was disabled by hand is found once a day, and then like the others', async () => {
    const list = await listOf();
    await world.store.members.set(list.list_id, 'member', anne, { delivery_status: 'by_bounces' });
    await world.strike(list);
    expect(await world.notices()).toEqual([]);
    world.at('2026-11-22T03:30:00.000Z');
    await world.strikeAll();
    const told = await world.notices();
    expect(told.filter((notice) => notice.list === list.list_id)).toHaveLength(1);
    const found: string[] = [];
    for await (const page of world.store.bounces.ls(list.list_id, world.clock.now())) {
      found.push(...page.map(({ email }) => email));
    }
    expect(found).toEqual([anne]);
  });
});

describe('probes', () => {
  let probing: BounceWorld;
  beforeAll(async () => {
    probing = await openBounceWorld({ mta: { verp_probes: true } });
  });
  afterAll(() => probing.close());

  const probed = async () => {
    const list = await probing.list({ bounce_score_threshold: 1 });
    await probing.member(list, anne);
    await probing.member(list, olga, { role: 'owner' });
    probing.pass(1);
    await probing.post(list);
    await probing.notices();
    const cause = await probing.bounce(list, report(anne));
    await runBounce(cause, probing.ports);
    const [probe, again, ...others] = await probing.notices();
    expect(others).toEqual([]);
    expect(again?.id).toBe(probe?.id);
    const token = probe?.metadata.probe_token;
    expect(probe).toMatchObject({
      to: [anne],
      subject: `Probe of your subscription to ${list.list_name}@example.com`,
    });
    expect(probe?.text).not.toContain('Precedence');
    if (probe === undefined || typeof token !== 'string') throw new Error('There is no probe');
    return { list, probe, recipient: `${list.list_name}-bounces+${token}@example.com` };
  };

  it('the member begins at 0, and the bounce of the probe disables at once, on the same day', async () => {
    const { list, recipient, probe } = await probed();
    expect(await probing.memberOf(list, anne)).toMatchObject({ bounce_score: 0 });
    await runBounceProbe(list, probe.id, recipient);
    expect(await probing.memberOf(list, anne)).toMatchObject({ delivery_status: 'by_bounces' });
    expect((await probing.notices()).map(({ subject }) => subject)).toEqual([
      `Delivery to ${anne} is disabled on ${list.list_name}@example.com`,
    ]);
  });

  /** The probe leaves with its own sender, and what comes back there is a bounce of whomever it names. */
  const runBounceProbe = async (list: MailingList, id: string, recipient: string): Promise<void> => {
    await probing.pipeline({ id, listid: list.list_id });
    expect((await probing.recordOf(id)).roster?.sender).toBe(recipient);
    await probing.bounce(list, report('somebody.else@example.net'), { recipient });
  };

  it('is used once', async () => {
    const { list, recipient } = await probed();
    const first = await probing.bounce(list, report(anne), { recipient });
    await probing.store.members.set(list.list_id, 'member', anne, { delivery_status: 'enabled' });
    await runBounce(first, probing.ports);
    await probing.bounce(list, report('somebody.else@example.net'), { recipient });
    expect((await probing.memberOf(list, anne))?.delivery_status).toBe('enabled');
  });

  it('is not used by what is no bounce, or comes too late', async () => {
    const { list, recipient } = await probed();
    const away = Buffer.from(
      'From: anne@example.org\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n',
    );
    await probing.bounce(list, away, { recipient, sender: 'anne@example.org' });
    await probing.bounce(list, report(anne, { status: '4.2.2', action: 'delayed', said: '452 4.2.2 full' }), {
      recipient,
    });
    expect((await probing.memberOf(list, anne))?.delivery_status).toBeUndefined();
    probing.pass(11);
    await probing.bounce(list, report('somebody.else@example.net'), { recipient });
    expect((await probing.memberOf(list, anne))?.delivery_status).toBeUndefined();
  });

  it('counts for its own list and member alone, and nobody can guess one', async () => {
    const { list, recipient } = await probed();
    const other = await probing.list({ bounce_score_threshold: 5 });
    await probing.member(other, anne);
    const [, token = ''] = /\+([^@]+)@/.exec(recipient) ?? [];
    await probing.bounce(other, report(anne), {
      recipient: `${other.list_name}-bounces+${token}@example.com`,
    });
    expect((await probing.memberOf(other, anne))?.delivery_status).toBeUndefined();
    const forged = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    await probing.bounce(list, report('x@example.net'), {
      recipient: `${list.list_name}-bounces+${forged}@example.com`,
    });
    expect((await probing.memberOf(list, anne))?.delivery_status).toBeUndefined();
    await probing.bounce(list, report('x@example.net'), { recipient });
    expect((await probing.memberOf(list, anne))?.delivery_status).toBe('by_bounces');
  });

  it('is known by its mail when the relay or Amazon SES refuses it', async () => {
    const relay = await probed();
    await runRefusals(probing.refusal(relay.list, anne, 'rejected 550 5.1.1', relay.probe.id), probing.ports);
    expect((await probing.memberOf(relay.list, anne))?.delivery_status).toBe('by_bounces');
    const ses = await probed();
    await probing.ses(probing.sesBounce(ses.list, anne, { post: ses.probe.id }));
    expect((await probing.memberOf(ses.list, anne))?.delivery_status).toBe('by_bounces');
  });
});

describe('complaints', () => {
  const sesComplaint = (list: MailingList, type: string | null) =>
    world.ses(
      world.sesEvent(list, {
        eventType: 'Complaint',
        complaint: {
          complainedRecipients: [{ emailAddress: anne }],
          timestamp: world.clock.now().toISOString(),
          complaintFeedbackType: type,
        },
      }),
    );

  it.each([
    [
      'a mail that came to the sender of the member',
      async (list: MailingList) => {
        const recipient = `${list.list_name}-bounces+anne=example.org@${list.mail_host}`;
        await world.bounce(list, complaint('a***@example.org'), { recipient });
      },
    ],
    ['an event of SES', (list: MailingList) => sesComplaint(list, 'abuse')],
    ['an event of SES without a type', (list: MailingList) => sesComplaint(list, null)],
  ])('by %s take the member off the list at once, and the owners are told', async (_, come) => {
    const list = await listOf();
    await come(list);
    expect(await world.memberOf(list, anne)).toBeUndefined();
    expect((await world.notices()).map(({ to, subject }) => [to, subject])).toEqual([
      [[olga], `${anne} reported a message of ${list.list_name}@example.com as spam`],
    ]);
    await come(list);
    expect(await world.notices()).toEqual([]);
  });

  describe('by mail', () => {
    const subjects = async () => (await world.notices()).map(({ to, subject }) => [to, subject]);
    const spam = (list: MailingList) => [
      [olga],
      `${anne} reported a message of ${list.list_name}@example.com as spam`,
    ];
    const told = (list: MailingList) => [
      [olga],
      `A message to ${list.list_name}-bounces@example.com that is no known bounce`,
    ];

    it('count with the identity of the list and the Message-ID of a post that went to the member', async () => {
      const list = await newList();
      const id = await world.post(list);
      const { message_id } = await world.recordOf(id);
      const fields = [`List-Id: Ants <${list.list_id}>`, `Message-ID: ${message_id}`];
      await world.bounce(list, complaint(anne, fields));
      expect(await world.memberOf(list, anne)).toBeUndefined();
      expect(await subjects()).toEqual([spam(list)]);
    });

    it('count with the Message-ID that Amazon SES has replaced', async () => {
      const list = await newList();
      const { message_id } = await world.recordOf(await world.post(list));
      const fields = [
        `List-Id: <${list.list_id}>`,
        'Message-ID: <0100@email.amazonses.com>',
        `References: <before@example.org> ${message_id}`,
      ];
      await world.bounce(list, complaint(anne, fields));
      expect(await world.memberOf(list, anne)).toBeUndefined();
    });

    it('count with the link that was signed for the member, who need not be named', async () => {
      const list = await newList();
      const key = await world.store.secrets.key('web');
      const url = 'https://lists.example.com/web';
      const links = linksFor({ url, key, clock: world.clock });
      const member = await world.memberOf(list, anne);
      if (links === undefined || member === undefined) throw new Error('There is no link');
      const fields = [`List-Unsubscribe: <${links.leave(member)}>, <mailto:ant-leave@example.com>`];
      await world.bounce(list, complaint('redacted', fields));
      expect(await world.memberOf(list, anne)).toBeUndefined();
      expect(await subjects()).toEqual([spam(list)]);
    });

    it.each([
      ['nothing', () => []],
      ['the list alone', (list: MailingList) => [`List-Id: <${list.list_id}>`]],
      [
        'a Message-ID that is of no post',
        (list: MailingList) => [`List-Id: <${list.list_id}>`, 'Message-ID: <other@example.org>'],
      ],
      ['the post of another list', (_: MailingList, id: string) => [`List-Id: <x.y.z>`, `Message-ID: ${id}`]],
      [
        'a link that somebody else has signed',
        (list: MailingList) => {
          const member = { list_id: list.list_id, member_id: 'm', email: anne };
          const made = linksFor({ url: 'https://a.example', key: Buffer.from('k'), clock: world.clock });
          return [`List-Unsubscribe: <${made?.leave(member)}>`];
        },
      ],
    ])('with %s are for the owners to judge', async (_, fields) => {
      const list = await newList();
      const { message_id } = await world.recordOf(await world.post(list));
      await world.bounce(list, complaint(anne, fields(list, message_id)));
      expect(await world.memberOf(list, anne)).toBeDefined();
      expect(await subjects()).toEqual([told(list)]);
    });

    it('do not count at the sender of a member to whom no post went', async () => {
      const list = await newList();
      const recipient = `${list.list_name}-bounces+anne=example.org@${list.mail_host}`;
      await world.bounce(list, complaint(anne), { recipient });
      expect(await world.memberOf(list, anne)).toBeDefined();
      expect(await subjects()).toEqual([told(list)]);
    });

    it('on SPF, DKIM or DMARC are none, whatever they bring', async () => {
      const list = await listOf();
      const recipient = `${list.list_name}-bounces+anne=example.org@${list.mail_host}`;
      const text = complaint(anne).toString().replace('Feedback-Type: abuse', 'Feedback-Type: auth-failure');
      await world.bounce(list, Buffer.from(text), { recipient });
      expect(await world.memberOf(list, anne)).toBeDefined();
      expect(await subjects()).toEqual([]);
    });
  });

  it('taken back are none', async () => {
    const list = await listOf();
    await sesComplaint(list, 'not-spam');
    expect(await world.memberOf(list, anne)).toBeDefined();
    expect(await world.notices()).toEqual([]);
  });
});

it('a post that SES rejects, or cannot render, is trouble of the post', async () => {
  const list = await listOf();
  await world.ses(world.sesEvent(list, { eventType: 'Reject', reject: { reason: 'Bad content' } }, 'p1'));
  await world.ses(
    world.sesEvent(list, { eventType: 'Rendering Failure', failure: { errorMessage: 'x' } }, 'p2'),
  );
  const delay = {
    delayType: 'MailboxFull',
    delayedRecipients: [{ emailAddress: anne }],
    timestamp: '2026-11-21T12:00:00Z',
  };
  await world.ses(world.sesEvent(list, { eventType: 'DeliveryDelay', deliveryDelay: delay }, 'p3'));
  expect(
    (await world.receive('command')).map(
      (message) => message.type === 'trouble' && [message.id, message.trouble],
    ),
  ).toEqual(
    expect.arrayContaining([
      ['p1', 'refused-post'],
      ['p2', 'refused-post'],
    ]),
  );
  expect(await score(list)).toBe(0);
});

it('the owners hear once a day of what was blocked', async () => {
  const list = await listOf();
  const blocked = { status: '5.7.1', said: '554 5.7.1 Blocked by Spamhaus' };
  for (let count = 0; count < 3; count += 1) await world.bounce(list, report(anne, blocked));
  await world.refuse(list, 'bert@example.net', 'rejected 550 5.7.1');
  expect(await world.notices()).toEqual([]);
  world.at('2026-11-22T02:30:00.000Z');
  await world.strike(list, 2);
  await world.strike(list);
  const told = await world.notices();
  expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  expect(told[0]?.text).toContain('refused 4 times');
  expect(told[0]?.text).toContain('    example.org: blocked 5.7.1 (3 times)\r\n    example.net: ');
  expect(await score(list)).toBe(0);
});

it('a day on which a great list was blocked is told in one notice, and its notes go many at a time, the mark last', async () => {
  const list = await listOf();
  const day = '2026-11-20';
  const about = { list_id: list.list_id, day, kind: 'blocked' } as const;
  const until = new Date('2026-12-20T00:00:00.000Z');
  const ids = Array.from({ length: 300 }, (_, index) => `post 0 0 m${index}@example.org`);
  await Promise.all(
    ids.map((id) => world.store.bounces.note({ ...about, id, line: 'example.org: dmarc' }, until)),
  );
  const { bounces } = world.store;
  const gone: string[] = [];
  let underWay = 0;
  let most = 0;
  const dropNote: typeof bounces.dropNote = async (note) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await bounces.dropNote(note);
    underWay -= 1;
    gone.push(note.id);
  };
  const ports = { ...world.ports, store: { ...world.ports.store, bounces: { ...bounces, dropNote } } };
  const id = `bounce-summary ${list.list_id} ${day} blocked`;
  const message = {
    ...about,
    v: 1,
    type: 'bounce-summary',
    queue: 'bounces',
    id,
    listid: list.list_id,
  } as const;
  await runBounceSummary(message, ports);
  expect(
    (await world.notices()).map(({ text }) => text.includes('    example.org: dmarc (300 times)')),
  ).toEqual([true]);
  expect(gone).toHaveLength(ids.length + 1);
  expect(ids).not.toContain(gone.at(-1));
  expect(most).toBeGreaterThan(10);
});

describe('what nobody understands', () => {
  const strange = Buffer.from('From: x@example.org\r\nSubject: =?utf-8?q?Fl=C3=B6te?=\r\n\r\nHm.\r\n');

  it.each([
    ['administrators', [[olga]]],
    ['site_owner', [['postmaster@example.com']]],
    ['discard', []],
  ])('goes to %s as the list says', async (where, whom) => {
    const list = await listOf({ forward_unrecognized_bounces_to: where });
    await world.bounce(list, strange);
    const told = await world.notices();
    expect(told.map(({ to }) => to)).toEqual(whom);
    for (const { text } of told) expect(text).toContain('Hm.');
  });

  it('the first of a day at once, the others together when the day is over', async () => {
    const list = await listOf();
    const first = await world.bounce(list, strange);
    for (let count = 0; count < 5; count += 1) await world.bounce(list, strange);
    await runBounce(first, world.ports);
    expect(new Set((await world.notices()).map(({ id }) => id)).size).toBe(1);
    world.at('2026-11-22T02:30:00.000Z');
    await world.strike(list, 2);
    const told = await world.notices();
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(told[0]?.subject).toBe(`5 more messages to ${list.list_name}-bounces@example.com on 2026-11-21`);
    await world.bounce(list, strange);
    expect(await world.notices()).toHaveLength(1);
  });
});
