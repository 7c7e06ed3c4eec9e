import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import type { Member } from '../../lib/members/member.ts';
import { decisions } from '../../lib/notices/decision.ts';
import type { Link } from '../../lib/web/link.ts';
import { openWebWorld, type WebWorld } from './web-world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await openWebWorld();
});
afterAll(() => world.close());

const day = 86_400;
const inAYear = Math.floor(Date.now() / 1000) + 365 * day;
const yesterday = Math.floor(Date.now() / 1000) - day;

const leaveOf = (member: Member, over: Partial<Link> = {}): string =>
  world.sign({
    v: 1,
    deed: 'leave',
    list_id: member.list_id,
    member_id: member.member_id,
    email: member.email,
    expires: inAYear,
    ...over,
  } as Link);

const isMember = async ({ list_id }: Pick<MailingList, 'list_id'>, email: string): Promise<boolean> =>
  (await world.store.members.get(list_id, 'member', email)) !== undefined;

const leaving = { deed: 'leave' };

describe('every page', () => {
  it('has no script and nothing from elsewhere, is kept and indexed by nobody, and tells its address to nobody', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const { headers, body } = await world.get(world.links().leave(anne));
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("form-action 'self'");
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('name="viewport" content="width=device-width, initial-scale=1"');
    expect(body).not.toMatch(/<script|<img|<link|https?:/);
  });

  it('shows what strangers wrote as text', async () => {
    const list = await world.list();
    const mail = Buffer.from(
      'From: "<b>x</b>" <eve@example.org>\r\nSubject: <script>alert("1")</script> & \'more\'\r\n\r\nHi.\r\n',
    );
    const held = await world.hold(list, mail);
    const { body } = await world.get(world.links().moderate(held, 'accept'));
    expect(body).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;');
    expect(body).not.toContain('<script>');
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s and says what is allowed', async (method) => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const { status, headers } = await world.ask(method, world.links().leave(anne), { body: 'deed=leave' });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD, POST');
    expect(await isMember(list, 'anne@example.org')).toBe(true);
  });

  it('reads no more than a form can have', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const form = { deed: 'leave', more: 'x'.repeat(20_000) };
    expect((await world.post(world.links().leave(anne), form)).status).toBe(413);
    expect(await isMember(list, 'anne@example.org')).toBe(true);
  });

  it.each(['/', '/leave', '/leave/', '/admin/x', '/leave/x/y', '/leave/..%2f..', '/member/%00'])(
    'is nothing at %s',
    async (path) => {
      expect((await world.get(`${world.url}${path}`)).status).toBe(404);
      expect((await world.post(`${world.url}${path}`, leaving)).status).toBe(404);
    },
  );

  it('is found under a path of the site as well', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const link = world.links().leave(anne).replace('/leave/', '/mail/lists/leave/');
    expect((await world.get(link)).text).toContain('Leave the list?');
  });
});

describe('programs that look at every link', () => {
  it('change nothing by GET and HEAD', async () => {
    const list = await world.list({ unsubscription_policy: 'open' });
    const anne = await world.memberOf(list, 'anne@example.org');
    const held = await world.hold(list);
    const begun = await world.subscribe({
      id: 'scan-1',
      listid: list.list_id,
      deed: 'join',
      email: 'new@example.org',
      by: 'new@example.org',
    });
    if (begun.kind !== 'request') throw new Error('No request was begun');
    const links = world.links();
    const all = [
      links.leave(anne),
      links.membership(anne),
      ...decisions.map((decision) => links.moderate(held, decision)),
      links.confirm(begun.request),
    ];
    for (const link of [...all, leaveOf(anne, { expires: yesterday })]) {
      for (const method of ['GET', 'HEAD', 'GET']) {
        const { status, body } = await world.ask(method, link);
        expect([200, 410]).toContain(status);
        if (method === 'HEAD') expect(body).toBe('');
      }
    }
    expect(await world.store.members.get(list.list_id, 'member', anne.email)).toEqual(anne);
    expect(await isMember(list, 'new@example.org')).toBe(false);
    expect((await world.recordOf(held.mail_id)).moderation).toBeUndefined();
    expect(await world.queued(list.list_id)).toEqual([]);
  });
});

describe('leaving by a link', () => {
  it('asks, does it, and says it again however often the button is pressed', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const link = world.links().leave(anne);
    const asked = await world.get(link);
    expect(asked.status).toBe(200);
    expect(asked.text).toContain(`Do you want to take anne@example.org off the mailing list`);
    for (let times = 0; times < 3; times += 1) {
      const { status, text } = await world.post(link, leaving);
      expect(status).toBe(200);
      expect(text).toContain('You have left');
    }
    expect(await isMember(list, 'anne@example.org')).toBe(false);
    expect((await world.get(link)).text).toContain('You have left');
    expect((await world.notices()).map(({ to }) => to)).toContainEqual(['anne@example.org']);
  });

  it.each(['open', 'confirm', 'moderate', 'confirm_then_moderate'])(
    'works when unsubscription_policy is %s',
    async (unsubscription_policy) => {
      const list = await world.list({ unsubscription_policy });
      const anne = await world.memberOf(list, 'anne@example.org');
      expect((await world.post(world.links().leave(anne), leaving)).text).toContain('You have left');
      expect(await isMember(list, 'anne@example.org')).toBe(false);
    },
  );

  it.each(['confirm', 'moderate'])(
    'works while a request to leave by mail waits (%s)',
    async (unsubscription_policy) => {
      const list = await world.list({ unsubscription_policy });
      const anne = await world.memberOf(list, 'anne@example.org');
      const email = anne.email;
      const begun = await world.subscribe({
        id: `mail-${list.list_id}`,
        listid: list.list_id,
        deed: 'leave',
        email,
        by: email,
      });
      expect(begun.kind).toBe('request');
      expect((await world.post(world.links().leave(anne), leaving)).text).toContain('You have left');
      expect(await isMember(list, email)).toBe(false);
    },
  );

  it.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    ['Application/X-WWW-Form-URLencoded; charset=utf-8', 'List-Unsubscribe=One-Click'],
    // Programs that forget to say what they send; 200 tells them that the reader has left.
    ['', 'List-Unsubscribe=One-Click'],
    ['text/plain', 'List-Unsubscribe=One-Click'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])('is one click in the mail program (RFC 8058), as %s', async (type, body) => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    expect((await world.ask('POST', world.links().leave(anne), { type, body })).status).toBe(200);
    expect(await isMember(list, 'anne@example.org')).toBe(false);
  });

  it.each(['', 'deed=stay', 'List-Unsubscribe=Two-Clicks', '{"deed":"leave"}'])(
    'does nothing for a POST that does not ask for it: "%s"',
    async (body) => {
      const list = await world.list();
      const anne = await world.memberOf(list, 'anne@example.org');
      expect((await world.ask('POST', world.links().leave(anne), { body })).text).toContain(
        'Leave the list?',
      );
      expect(await isMember(list, 'anne@example.org')).toBe(true);
    },
  );
});

describe('a link that is not good', () => {
  /** Anne and Bart are on the one list, Anne alone on the other. */
  const people = async () => {
    const [list, other] = [await world.list(), await world.list()];
    const anne = await world.memberOf(list, 'anne@example.org');
    const bart = await world.memberOf(list, 'bart@example.org');
    const elsewhere = await world.memberOf(other, 'anne@example.org');
    return { list, other, anne, bart, elsewhere };
  };
  type People = Awaited<ReturnType<typeof people>>;

  const changed = (link: string, change: (payload: Record<string, unknown>) => void): string => {
    const [, payload = '', signature = ''] = /\/leave\/([^.]*)\.(.*)$/.exec(link) ?? [];
    const read: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString());
    change(read);
    return `${world.url}/leave/${Buffer.from(JSON.stringify(read)).toString('base64url')}.${signature}`;
  };

  const cases: readonly (readonly [string, (people: People) => string])[] = [
    ['with a mark that is not ours', ({ anne }) => `${leaveOf(anne).slice(0, -4)}AAAA`],
    [
      'without a mark',
      ({ anne }) =>
        leaveOf(anne).replace(/\..*$/, '').replace('https://lists', 'https://lists.example.com/leave/x'),
    ],
    ['with half of a mark', ({ anne }) => leaveOf(anne).slice(0, -20)],
    ['with something behind its mark', ({ anne }) => `${leaveOf(anne)}.x`],
    [
      'whose address was changed',
      ({ anne }) => changed(leaveOf(anne), (link) => Object.assign(link, { email: 'bart@example.org' })),
    ],
    [
      'whose list was changed',
      ({ anne, other }) => changed(leaveOf(anne), (link) => Object.assign(link, { list_id: other.list_id })),
    ],
    [
      'whose date was changed',
      ({ anne }) =>
        changed(leaveOf(anne, { expires: yesterday }), (link) => Object.assign(link, { expires: inAYear })),
    ],
    [
      'of another membership of the same address',
      ({ anne }) => leaveOf({ ...anne, member_id: 'an-earlier-one' }),
    ],
    ["with another member's membership", ({ anne, bart }) => leaveOf({ ...bart, member_id: anne.member_id })],
    ['of another list', ({ list, elsewhere }) => leaveOf({ ...elsewhere, list_id: list.list_id })],
    ['of a list that is gone', ({ anne }) => leaveOf({ ...anne, list_id: 'gone.example.com' })],
    ['for something else', ({ anne }) => leaveOf(anne, { deed: 'member' }).replace('/member/', '/leave/')],
    ['of a later form', ({ anne }) => leaveOf(anne, { v: 2 } as never)],
    ['that is very long', ({ anne }) => `${leaveOf(anne)}${'A'.repeat(5000)}`],
  ];

  it.each(cases)('does nothing %s, and says the same as every other', async (_, link) => {
    const all = await people();
    const [shown, done] = [await world.get(link(all)), await world.post(link(all), leaving)];
    for (const { status, text } of [shown, done]) {
      expect(status).toBe(404);
      expect(text).toBe(
        'This link does nothing This link does nothing It is not complete, or it does not count any more. Nothing was changed. Please look for the link in a newer mail from the list.',
      );
    }
    for (const { list_id, email } of [all.anne, all.bart, all.elsewhere]) {
      expect(await isMember({ list_id }, email)).toBe(true);
    }
  });

  it('does nothing to who has come back since', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const link = world.links().leave(anne);
    await world.post(link, leaving);
    await world.memberOf(list, 'anne@example.org');
    expect((await world.post(link, leaving)).status).toBe(404);
    expect(await isMember(list, 'anne@example.org')).toBe(true);
  });
});

describe('a link that is too old', () => {
  it('changes nothing, and has a fresh one sent to the address of the member alone', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const old = leaveOf(anne, { expires: yesterday });
    const shown = await world.get(old);
    expect(shown.status).toBe(410);
    expect(shown.text).toContain('This link is too old');
    await world.notices();
    const { status, text } = await world.post(old, { deed: 'fresh' });
    expect(status).toBe(200);
    expect(text).toContain('If the address of this link is on the list');
    const [notice, ...more] = await world.notices();
    expect(more).toEqual([]);
    expect(notice?.to).toEqual(['anne@example.org']);
    const fresh = /https:\/\/lists\.example\.com\/member\/\S+/.exec(notice?.text ?? '')?.[0] ?? '';
    expect((await world.get(fresh)).text).toContain('Your membership');
    expect(await isMember(list, 'anne@example.org')).toBe(true);
  });

  it('says the same to who is not on the list, and writes to nobody', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    await world.store.members.remove(list.list_id, 'member', anne.email);
    await world.notices();
    const { text } = await world.post(leaveOf(anne, { expires: yesterday }), { deed: 'fresh' });
    expect(text).toContain('If the address of this link is on the list');
    expect(await world.notices()).toEqual([]);
  });

  it('makes two mails a day at most, however many old links are pressed', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    await world.notices();
    for (let age = 1; age <= 5; age += 1) {
      for (let times = 0; times < 2; times += 1) {
        await world.post(leaveOf(anne, { expires: yesterday - age }), { deed: 'fresh' });
      }
    }
    const texts = new Set((await world.notices()).map(({ text }) => text));
    expect(texts.size).toBe(2);
  });
});

describe("a member's page", () => {
  const standing = async (list: MailingList, email: string) => {
    const member = await world.store.members.get(list.list_id, 'member', email);
    return { status: member?.delivery_status, mode: member?.delivery_mode };
  };

  it('shows what is set, pauses and starts delivery, and changes the mode', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const page = world.links().membership(anne);
    const first = await world.get(page);
    expect(first.text).toContain('anne@example.org');
    expect(first.text).toContain('Messages come');
    expect(first.text).toContain('Each message by itself');
    expect((await world.post(page, { deed: 'pause' })).text).toContain('Messages are paused');
    expect(await standing(list, anne.email)).toMatchObject({ status: 'by_user' });
    // Whoever got no answer presses again, and is told what is so.
    expect((await world.post(page, { deed: 'pause' })).text).toContain('Messages are paused');
    for (let times = 0; times < 2; times += 1) {
      expect((await world.post(page, { deed: 'resume' })).text).toContain('Messages come again');
      expect(await standing(list, anne.email)).toMatchObject({ status: 'enabled' });
    }
    expect((await world.post(page, { deed: 'mode', mode: 'mime_digests' })).text).toContain(
      'Digests, with the messages attached',
    );
    expect(await standing(list, anne.email)).toEqual({ status: 'enabled', mode: 'mime_digests' });
  });

  it('starts what bounces stopped, and never what a moderator stopped', async () => {
    const list = await world.list();
    const bounced = await world.memberOf(list, 'anne@example.org', { delivery_status: 'by_bounces' });
    const stopped = await world.memberOf(list, 'bart@example.org', { delivery_status: 'by_moderator' });
    const inherits = await world.memberOf(list, 'cate@example.org', {
      inherited: { delivery_status: 'by_moderator' },
    });
    await world.post(world.links().membership(bounced), { deed: 'resume' });
    expect(await standing(list, bounced.email)).toMatchObject({ status: 'enabled' });
    for (const member of [stopped, inherits]) {
      for (const deed of ['resume', 'pause']) {
        const { text } = await world.post(world.links().membership(member), { deed });
        expect(text).toContain('Stopped by a moderator');
      }
      expect(await standing(list, member.email)).toMatchObject({ status: member.delivery_status });
    }
  });

  it('offers digests where the list makes them, and takes no other word', async () => {
    const list = await world.list({ digests_enabled: false });
    const anne = await world.memberOf(list, 'anne@example.org');
    const page = world.links().membership(anne);
    expect((await world.get(page)).body).not.toContain('name="mode"');
    for (const mode of ['mime_digests', 'hourly', '']) await world.post(page, { deed: 'mode', mode });
    expect(await standing(list, anne.email)).toMatchObject({ mode: undefined });
  });

  it('leads to the page by which one leaves, from wherever it is', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const page = world.links().membership(anne);
    const href = /href="(\.\.\/leave\/[^"]+)"/.exec((await world.get(page)).body)?.[1] ?? '';
    const leave = new URL(href, page).href;
    expect((await world.get(leave)).text).toContain('Leave the list?');
    expect((await world.post(leave, leaving)).text).toContain('You have left');
    for (const { status, text } of [await world.get(page), await world.post(page, { deed: 'pause' })]) {
      expect(status).toBe(200);
      expect(text).toContain('You have left');
    }
    expect(await isMember(list, 'anne@example.org')).toBe(false);
  });

  it('does nothing when the membership is another one', async () => {
    const list = await world.list();
    const anne = await world.memberOf(list, 'anne@example.org');
    const page = world.links().membership({ ...anne, member_id: 'an-earlier-one' });
    expect((await world.get(page)).status).toBe(404);
    expect((await world.post(page, { deed: 'pause' })).status).toBe(404);
    expect(await standing(list, anne.email)).toMatchObject({ status: undefined });
  });
});
