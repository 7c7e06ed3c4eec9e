import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { postingAddress } from '../../lib/lists/list.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { openWebStack, readable } from '../web/web-stack.ts';
import { type Browser, openBrowser, screen } from './browser.ts';
import { type Reply, replyLike } from './reply-like.ts';

// A whole life on a list, by mail: somebody whom nobody knows joins, posts, asks, pauses, and leaves. What they write goes in by LMTP as bytes, and what arrives
// is seen at the relay, after each step all of it.

let world: Awaited<ReturnType<typeof openWebStack>>;
let browser: Browser;
beforeAll(async () => {
  [world, browser] = await Promise.all([openWebStack(), openBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await world.close();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const file = join(mkdtempSync(join(tmpdir(), 'belfry-whole-life-')), 'page.png');
  await browser.picture(file);
  console.error(`What the browser showed is in ${file}`);
});

const dora = 'dora@example.net';
const anne = 'anne@example.org';
let seen = 0;

/** What arrived since this was asked last: who gets it, under which subject, from which envelope sender, and the mail, also with its headers unfolded. */
const arrived = async () => {
  await world.stack.idle();
  const news = world.relay.received.slice(seen);
  seen += news.length;
  return news
    .map((one) => {
      const unfolded = readable(one);
      return {
        to: [...one.recipients].sort(),
        sender: one.sender,
        subject: /^Subject: (.*)\r$/m.exec(unfolded)?.[1] ?? '',
        text: one.message.toString(),
        unfolded,
      };
    })
    .sort((a, b) => a.to.join().localeCompare(b.to.join()));
};

/** The only mail that came, which is to one address. */
const onlyMailTo = async (address: string) => {
  const news = await arrived();
  expect(news.map(({ to }) => to)).toEqual([[address]]);
  const [mail] = news;
  if (mail === undefined) throw new Error('Nothing came');
  return mail;
};

const send = (from: string, to: string, content: string): Promise<void> =>
  deliverLikeAnMta(() => world.stack.lmtpPort, from, [to], content);

const write = (from: string, to: string, subject: string): Promise<void> =>
  send(
    from,
    to,
    `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, '-')}@example.net>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0100\r\n\r\nSo it is.\r\n`,
  );

const reply = (to: string, words: Omit<Reply, 'from' | 'to'>): Promise<void> =>
  send(dora, to, replyLike({ from: `Dora Baret <${dora}>`, to, ...words }));

const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);

/** Presses a button of a page as a browser does: what the page shows is posted to where the page is. */
const press = async (page: string, deed: string): Promise<string> => {
  const form = [...(await (await fetch(page)).text()).matchAll(/<form method="post">(.*?)<\/form>/gs)]
    .map(([, inside = '']) => inside)
    .find((inside) => inside.includes(`name="deed" value="${deed}"`));
  if (form === undefined) throw new Error(`There is no button to ${deed}`);
  const answer = await fetch(page, { method: 'POST', body: new URLSearchParams({ deed }) });
  expect(answer.status).toBe(200);
  return answer.text();
};

test('a stranger joins, confirms, posts, asks, pauses, leaves, and hears no more', async () => {
  const list = await world.list({
    display_name: 'Ants',
    member_roster_visibility: 'members',
    personalize: 'individual',
    default_member_action: 'accept',
  });
  await world.member(list, anne);
  const posting = postingAddress(list);
  const at = (role: string): string => `${list.list_name}-${role}@example.com`;

  // She has never been heard of, and asks to join.
  await write(dora, at('join'), 'hello');
  const asks = await onlyMailTo(dora);
  const [, token = ''] = /^confirm (\w+)$/.exec(asks.subject) ?? [];
  expect(asks.sender).toBe(at('bounces'));
  expect(asks.text).toContain(`From: Ants <${list.list_name}-confirm+${token}@example.com>\r\n`);
  expect(await world.stack.store.members.get(list.list_id, 'member', dora)).toBeUndefined();

  // Her mail program quotes all of it, and she writes nothing.
  await reply(`${list.list_name}-confirm+${token}@example.com`, {
    like: 'thunderbird',
    subject: `Re: ${asks.subject}`,
    says: [],
    quotes: bodyOf(asks.text),
  });
  const welcome = await onlyMailTo(dora);
  expect(welcome.subject).toBe('Welcome to the mailing list Ants');
  const member = world.linkIn(welcome.unfolded, 'member');

  // She posts: everybody gets it, and she does too.
  await write(dora, posting, 'Hello all');
  const posts = await arrived();
  expect(posts.map(({ to, subject }) => [to, subject])).toEqual([
    [[anne], 'Hello all'],
    [[dora], 'Hello all'],
  ]);
  for (const { sender } of posts) expect(sender).toBe(at('bounces'));
  const leave = world.linkIn(posts[1]?.unfolded ?? '', 'leave');

  // She asks who is there, and what else she may ask; the mail that she answers is quoted below.
  await reply(at('request'), {
    like: 'mutt',
    subject: 'Re: Welcome',
    says: ['who'],
    quotes: bodyOf(welcome.text),
  });
  const members = await onlyMailTo(dora);
  expect(members.subject).toBe('The results of your email commands');
  expect(members.text).toContain('    > who\r\n');
  expect(members.text).toContain(`    ${anne}\r\n`);
  expect(members.text).toContain(dora);
  await reply(at('request'), {
    like: 'thunderbird',
    subject: 'help',
    says: ['end'],
    quotes: bodyOf(members.text),
  });
  const help = await onlyMailTo(dora);
  expect(help.text).toContain('    leave    You leave this list.');
  expect(help.text).not.toContain(anne);

  // She pauses on her page, and goes on.
  expect(await press(member, 'pause')).toContain('Messages are paused. You stay on the list.');
  await write(anne, posting, 'While she is away');
  expect((await onlyMailTo(anne)).subject).toBe('While she is away');
  expect(await press(member, 'resume')).toContain('Messages come again.');
  await write(anne, posting, 'Back again');
  expect((await arrived()).map(({ to, subject }) => [to, subject])).toEqual([
    [[anne], 'Back again'],
    [[dora], 'Back again'],
  ]);

  // She leaves by the link of the mail that she got first.
  await browser.open(leave);
  expect(await browser.title()).toBe('Leave the list?');
  expect(await browser.text()).toContain(dora);
  expect(await browser.width()).toBeLessThanOrEqual(screen.width);
  expect(await arrived()).toEqual([]);
  await browser.press('Leave the list');
  expect(await browser.text()).toContain('You have left');
  expect((await onlyMailTo(dora)).subject).toBe(`You have left ${posting}`);
  expect(await world.stack.store.members.get(list.list_id, 'member', dora)).toBeUndefined();

  // What is posted later is not for her.
  await write(anne, posting, 'Without her');
  expect((await onlyMailTo(anne)).subject).toBe('Without her');
  expect(world.stack.problems).toEqual([]);
  expect(browser.complaints).toEqual([]);
});
