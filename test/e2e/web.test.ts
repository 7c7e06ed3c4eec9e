import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebStack } from '../web/web-stack.ts';
import { type Browser, openBrowser, screen } from './browser.ts';

// A life on a list as somebody with a phone has it: Chromium, on a small screen and without JavaScript, opens the links in the mails that a whole local stack
// sends, and presses what is there.

let world: Awaited<ReturnType<typeof openWebStack>>;
let browser: Browser;
const pictures = process.env.BELFRY_PICTURES;

beforeAll(async () => {
  [world, browser] = await Promise.all([openWebStack(), openBrowser()]);
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
}, 180_000);
afterAll(async () => {
  await browser.close();
  await world.close();
});
afterEach(() => {
  expect(world.stack.problems).toEqual([]);
});

/** Holds for every page that a person sees; takes a picture when pictures are asked for. */
const looksRight = async (name: string): Promise<string> => {
  expect(await browser.width()).toBeLessThanOrEqual(screen.width);
  expect(await browser.lowestButton()).toBeGreaterThanOrEqual(44);
  if (pictures !== undefined) await browser.picture(join(pictures, `${name}.png`));
  return browser.text();
};

test('somebody joins, pauses, starts again, changes how messages come, and leaves', async () => {
  const list = await world.list();
  const email = 'a-rather-long-name.of-somebody@subdomain.of-a-long-domain.example.org';
  await world.wishToJoin(list, email);
  await browser.open(world.linkIn(world.mailTo(email), 'confirm'));
  expect(await looksRight('confirm')).toContain('Do you want to get the messages');
  await browser.press('Join the list');
  expect(await looksRight('joined')).toContain('You are on the list');
  await world.stack.idle();

  const welcome = world.mailTo(email);
  await browser.open(world.linkIn(welcome, 'member'));
  expect(await looksRight('member')).toContain('Messages come');
  await browser.press('Pause messages');
  expect(await looksRight('paused')).toContain('Messages are paused. You stay on the list.');
  await world.post(list, email, 'While it is paused');
  expect(world.mailTo(email)).toBe(welcome);
  await browser.press('Start messages again');
  expect(await browser.text()).toContain('Messages come again.');
  await world.post(list, email, 'And on');
  expect(world.mailTo(email)).toContain('Subject: And on');
  await browser.choose('mode', 'Digests, as a summary');
  await browser.press('Change');
  expect(await looksRight('mode')).toMatch(/How they come\s+Digests, as a summary/);

  await browser.press('Leave the list');
  expect(await looksRight('leave')).toContain('Do you want to take');
  expect(await world.stack.store.members.get(list.list_id, 'member', email)).toBeDefined();
  await browser.press('Leave the list');
  expect(await looksRight('left')).toContain('You have left');
  expect(await world.stack.store.members.get(list.list_id, 'member', email)).toBeUndefined();
  await world.stack.idle();
  expect(world.mailTo(email)).toContain('is no longer on the mailing list');
});

test('a moderator accepts one post, and rejects another with a reason', async () => {
  const list = await world.list();
  await world.member(list, 'anne@example.org');
  await world.member(list, 'queen@example.org', 'owner');
  await world.post(list, 'stranger@example.net', '<script>document.title = "run"</script> & a good question');
  await browser.open(world.decisionIn(world.mailTo('queen@example.org'), 'accept'));
  expect(await looksRight('post')).toContain('<script>document.title = "run"</script> & a good question');
  expect(await browser.title()).toBe('Accept this post?');
  await browser.press('Accept this post');
  expect(await looksRight('accepted')).toContain('The post is accepted');
  await world.stack.idle();
  expect(world.mailTo('anne@example.org')).toContain('a good question');

  await world.post(list, 'stranger@example.net', 'Buy this');
  await browser.open(world.decisionIn(world.mailTo('queen@example.org'), 'accept'));
  await browser.press('Reject it instead');
  expect(await looksRight('reject')).toContain('Nobody gets the post, and its author is told.');
  await browser.type('comment', 'We buy nothing here.');
  await browser.press('Reject this post');
  expect(await looksRight('rejected')).toContain('The post is rejected');
  await world.stack.idle();
  expect(world.mailTo('stranger@example.net')).toContain('We buy nothing here.');
});

test('what does nothing says so, and the browser has nothing to complain of', async () => {
  await browser.open(`${world.stack.webUrl}/leave/nonsense`);
  expect(await looksRight('nothing')).toContain('This link does nothing');
  // Chromium notes the answer 404 itself; of what the pages hold it loads everything, and refuses nothing.
  expect(browser.complaints.filter((one) => !one.includes('404'))).toEqual([]);
});
