import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { type Decision, decisions } from '../../lib/notices/decision.ts';
import type { SubscriptionRequest } from '../../lib/subscriptions/request.ts';
import { openWebWorld, type WebWorld } from './web-world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await openWebWorld();
});
afterAll(() => world.close());

let wishes = 0;
const requestOf = async (
  list: MailingList,
  deed: 'join' | 'leave',
  email: string,
): Promise<SubscriptionRequest> => {
  wishes += 1;
  const outcome = await world.subscribe({
    id: `wish-${wishes}`,
    listid: list.list_id,
    deed,
    email,
    by: email,
  });
  if (outcome.kind !== 'request') throw new Error(`No request was begun: ${outcome.reason}`);
  return outcome.request;
};

const isMember = async ({ list_id }: MailingList, email: string): Promise<boolean> =>
  (await world.store.members.get(list_id, 'member', email)) !== undefined;

const confirming = { deed: 'confirm' };

describe('confirming by a link', () => {
  it('asks, makes a member, and says so again', async () => {
    const list = await world.list();
    const link = world.links().confirm(await requestOf(list, 'join', 'anne@example.org'));
    expect((await world.get(link)).text).toContain('Join the list?');
    expect(await isMember(list, 'anne@example.org')).toBe(false);
    for (let times = 0; times < 2; times += 1) {
      const { status, text } = await world.post(link, confirming);
      expect(status).toBe(200);
      expect(text).toContain('You are on the list');
    }
    expect(await isMember(list, 'anne@example.org')).toBe(true);
    const address = await world.store.addresses.get('anne@example.org');
    expect(address?.verified_on).toBeDefined();
  });

  it('makes one member of two who press the button together', async () => {
    const list = await world.list();
    const link = world.links().confirm(await requestOf(list, 'join', 'both@example.org'));
    const answers = await Promise.all([world.post(link, confirming), world.post(link, confirming)]);
    for (const { text } of answers) expect(text).toContain('You are on the list');
    expect(await isMember(list, 'both@example.org')).toBe(true);
  });

  it('confirms that somebody leaves', async () => {
    const list = await world.list();
    await world.memberOf(list, 'anne@example.org');
    const link = world.links().confirm(await requestOf(list, 'leave', 'anne@example.org'));
    expect((await world.get(link)).text).toContain('Leave the list?');
    expect((await world.post(link, confirming)).text).toContain('You have left');
    expect(await isMember(list, 'anne@example.org')).toBe(false);
  });

  it('says that a moderator is asked', async () => {
    const list = await world.list({ subscription_policy: 'confirm_then_moderate' });
    const link = world.links().confirm(await requestOf(list, 'join', 'dora@example.org'));
    expect((await world.post(link, confirming)).text).toContain('A moderator is asked');
    expect((await world.get(link)).text).toContain('A moderator is asked');
    expect(await isMember(list, 'dora@example.org')).toBe(false);
  });

  it('does nothing once the request was discarded, and says no more than that', async () => {
    const list = await world.list();
    const request = await requestOf(list, 'join', 'eric@example.org');
    await world.subscribe({
      id: 'gone',
      listid: list.list_id,
      deed: 'discard',
      token: request.token,
      by: 'x',
    });
    const link = world.links().confirm(request);
    for (const { status, text } of [await world.get(link), await world.post(link, confirming)]) {
      expect(status).toBe(410);
      expect(text).toContain('This link was used, or is too old');
    }
    expect(await isMember(list, 'eric@example.org')).toBe(false);
  });

  it('does nothing after its time', async () => {
    const list = await world.list();
    const request = await requestOf(list, 'join', 'fred@example.org');
    const link = world.links().confirm({ ...request, expires_at: '2026-01-01T00:00:00.000Z' });
    expect((await world.post(link, confirming)).status).toBe(410);
    expect(await isMember(list, 'fred@example.org')).toBe(false);
  });

  it('cannot be done with what a moderator was sent, nor the other way round', async () => {
    const list = await world.list({ subscription_policy: 'confirm_then_moderate' });
    const request = await requestOf(list, 'join', 'gina@example.org');
    // Who may confirm must not be able to approve.
    expect((await world.post(world.links().decide(request, 'accept'), { deed: 'accept' })).status).toBe(410);
    await world.post(world.links().confirm(request), confirming);
    const waiting = await world.store.requests.get(list.list_id, 'join', 'gina@example.org', new Date());
    if (waiting === undefined) throw new Error('There is no request');
    await world.post(world.links().confirm(waiting), confirming);
    expect(await isMember(list, 'gina@example.org')).toBe(false);
  });
});

describe('deciding on a request by a link', () => {
  const moderated = async (email: string) => {
    const list = await world.list({ subscription_policy: 'confirm_then_moderate' });
    await world.post(world.links().confirm(await requestOf(list, 'join', email)), confirming);
    const request = await world.store.requests.get(list.list_id, 'join', email, new Date());
    if (request === undefined) throw new Error('There is no request');
    return { list, to: (decision: Decision) => world.links().decide(request, decision) };
  };

  it('names the deed and who it is, and accepts', async () => {
    const { list, to } = await moderated('hans@example.org');
    const shown = await world.get(to('accept'));
    for (const part of ['Accept this request?', 'Somebody wants to join', 'hans@example.org']) {
      expect(shown.text).toContain(part);
    }
    expect((await world.post(to('accept'), { deed: 'accept' })).text).toContain('The request is accepted');
    expect(await isMember(list, 'hans@example.org')).toBe(true);
  });

  it('rejects with a reason, which is told, and says later who decided and when', async () => {
    const { list, to } = await moderated('ilse@example.org');
    await world.notices();
    const form = { deed: 'reject', comment: 'Only <members> of the club.' };
    expect((await world.post(to('reject'), form)).text).toContain('The request is rejected');
    expect((await world.notices()).map(({ text }) => text).join()).toContain('Only <members> of the club.');
    for (const { text } of [
      await world.get(to('reject')),
      await world.get(to('discard')),
      await world.post(to('accept'), { deed: 'accept' }),
    ]) {
      expect(text).toMatch(
        /It was rejected through a link in a mail to the moderators at \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
      );
    }
    expect(await isMember(list, 'ilse@example.org')).toBe(false);
  });

  it('says that nothing waits when its time is over', async () => {
    const { list, to } = await moderated('olga@example.org');
    const request = await world.store.requests.get(list.list_id, 'join', 'olga@example.org', new Date());
    if (request === undefined) throw new Error('There is no request');
    const old = world.links().decide({ ...request, expires_at: '2026-01-01T00:00:00.000Z' }, 'accept');
    for (const { status, text } of [await world.get(old), await world.post(old, { deed: 'accept' })]) {
      expect(status).toBe(410);
      expect(text).toContain('The request does not wait any more.');
    }
    expect(await isMember(list, 'olga@example.org')).toBe(false);
    expect((await world.post(to('accept'), { deed: 'accept' })).text).toContain(
      'olga@example.org asked to join the mailing list',
    );
  });

  it('discards', async () => {
    const { list, to } = await moderated('jane@example.org');
    await world.notices();
    const { text } = await world.post(to('discard'), { deed: 'discard' });
    expect(text).toContain('The request is discarded');
    expect(await world.notices()).toEqual([]);
    expect(await isMember(list, 'jane@example.org')).toBe(false);
  });

  it.each(decisions)('to %s: the page offers the two others, each behind its own link', async (decision) => {
    const { list, to } = await moderated(`other-than-${decision}@example.org`);
    const { body } = await world.get(to(decision));
    const others = decisions.filter((one) => one !== decision);
    const led = [...body.matchAll(/href="([^"]+)"/g)].map(
      ([, href = '']) => new URL(href, to(decision)).href,
    );
    expect(led).toEqual(others.map(to));
    expect(body.match(/<button[^>]*>/g)).toEqual([`<button class="first" name="deed" value="${decision}">`]);
    // A link does what it is for and nothing else, whatever is posted to it.
    for (const deed of [...others, '', 'defer', 'confirm']) {
      const { text } = await world.post(to(decision), { deed });
      expect(text).toContain('Somebody wants to join');
    }
    expect(await isMember(list, `other-than-${decision}@example.org`)).toBe(false);
    const waits = await world.store.requests.get(
      list.list_id,
      'join',
      `other-than-${decision}@example.org`,
      new Date(),
    );
    expect(waits?.state).toBe('moderating');
  });
});

describe('deciding on a held post by a link', () => {
  /** Presses a button while the function command does what is on its queue. */
  const press = async (link: string, form: Readonly<Record<string, string>>) => {
    let pressed = true;
    const command = (async () => {
      while (pressed) {
        for (const message of await world.receive('command')) {
          if (message.type === 'moderation') await world.moderate(message);
        }
      }
    })();
    try {
      return await world.post(link, form);
    } finally {
      pressed = false;
      await command;
    }
  };

  it.each([
    ['accept', 'Accept this post?'],
    ['reject', 'Reject this post?'],
    ['discard', 'Discard this post?'],
  ] as const)('to %s: it asks for that, and shows author, subject and reasons', async (decision, title) => {
    const held = await world.hold(await world.list());
    const { text } = await world.get(world.links().moderate(held, decision));
    for (const part of [title, 'anne@example.org', 'Eggs', 'It has no subject.', 'It is from a stranger.']) {
      expect(text).toContain(part);
    }
  });

  it.each([
    ['accept', 'accepted'],
    ['reject', 'rejected'],
    ['discard', 'discarded'],
  ] as const)('%s: it is %s, and whoever comes later is told so', async (deed, word) => {
    const list = await world.list();
    const held = await world.hold(list);
    const link = world.links().moderate(held, deed);
    const first = await press(link, { deed });
    expect(first.status).toBe(200);
    expect(first.text).toContain(`The post is ${word}`);
    expect((await world.recordOf(held.mail_id)).moderation).toMatchObject({ deed, by: 'a link in a mail' });
    const other = deed === 'accept' ? 'discard' : 'accept';
    const otherLink = world.links().moderate(held, other);
    for (const { text } of [await world.get(link), await press(otherLink, { deed: other })]) {
      expect(text).toMatch(new RegExp(`It was ${word} through a link in a mail to the moderators at \\d{4}`));
    }
    expect((await world.recordOf(held.mail_id)).moderation?.deed).toBe(deed);
  });

  it('is one wish however often the button is pressed', async () => {
    const held = await world.hold(await world.list());
    const link = world.links().moderate(held, 'accept');
    for (let times = 0; times < 2; times += 1) {
      const { status, text } = await world.post(link, { deed: 'accept' });
      expect(status).toBe(202);
      expect(text).toContain('It takes effect within a minute');
    }
    const messages = await world.queued(held.list_id);
    expect(messages).toHaveLength(2);
    expect(messages[0]).toEqual(messages[1]);
  });

  it("is told who decided in another way, and hands the moderator's reason on", async () => {
    const held = await world.hold(await world.list());
    await world.moderate(world.wish(held, { deed: 'discard', by: 'bart@example.org' }));
    expect((await world.get(world.links().moderate(held, 'accept'))).text).toContain(
      'It was discarded by bart@example.org at',
    );
    const second = await world.hold(await world.list());
    await world.notices();
    await press(world.links().moderate(second, 'reject'), { deed: 'reject', comment: 'Off topic.' });
    expect((await world.recordOf(second.mail_id)).moderation?.comment).toBe('Off topic.');
  });

  it('does nothing but what its link is for', async () => {
    const held = await world.hold(await world.list());
    const link = world.links().moderate(held, 'discard');
    expect((await world.post(link, { deed: 'accept' })).text).toContain('Discard this post?');
    expect(await world.queued(held.list_id)).toEqual([]);
  });

  it('does nothing when the decision in its link was changed', async () => {
    const held = await world.hold(await world.list());
    const [, payload = '', mark = ''] =
      /\/post\/([^.]*)\.(.*)$/.exec(world.links().moderate(held, 'discard')) ?? [];
    const said = Buffer.from(payload, 'base64url').toString().replace('"discard"', '"accept"');
    expect(said).toContain('"decision":"accept"');
    const link = `${world.url}/post/${Buffer.from(said).toString('base64url')}.${mark}`;
    for (const { status } of [await world.get(link), await world.post(link, { deed: 'accept' })]) {
      expect(status).toBe(404);
    }
    expect(await world.queued(held.list_id)).toEqual([]);
  });

  it.each([
    ['another token', { token: 'x'.repeat(40) }],
    ['another number', { request_id: 999 }],
    ['another mail', { mail_id: 'another' }],
  ])('does nothing with %s', async (_, over) => {
    const held = await world.hold(await world.list());
    const link = world.links().moderate({ ...held, ...over }, 'accept');
    expect((await world.get(link)).text).not.toContain('Eggs');
    expect((await world.post(link, { deed: 'accept' })).status).toBe(410);
    expect(await world.queued(held.list_id)).toEqual([]);
  });

  it('does nothing on another list', async () => {
    const held = await world.hold(await world.list());
    const other = await world.list();
    const link = world.links().moderate({ ...held, list_id: other.list_id }, 'accept');
    expect((await world.post(link, { deed: 'accept' })).status).toBe(410);
  });
});
