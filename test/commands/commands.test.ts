import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { type CommandWorld, type Letter, openCommandWorld } from './command-world.ts';

let world: CommandWorld;
let list: MailingList;
beforeAll(async () => {
  world = await openCommandWorld();
});
beforeEach(async () => {
  list = await world.list();
  anne = `anne-${list.list_name}@example.org`;
  await world.receive('pipeline');
  await world.receive('command');
});
afterAll(() => world.close());

/** Nobody wrote from this address before: what strangers get in an hour is limited across lists. */
let anne = '';

const letter = (given: Letter) => world.letter(list, { from: anne, ...given });

/** Sends a mail, lets everything follow, and gives the notices that leave. */
const say = async (given: Letter) => {
  await world.take(await letter(given));
  await world.settle();
  return world.notices();
};

/** The text of the one answer to a mail. */
const answerTo = async (given: Letter): Promise<string> => {
  const notices = await say(given);
  expect(notices.map(({ subject }) => subject)).toEqual(['The results of your email commands']);
  return notices[0]?.text.replaceAll('\r\n', '\n') ?? '';
};

const addMember = (email = anne, more: Parameters<typeof world.member>[2] = {}) =>
  world.member(list, email, more);

describe('the answer to commands', () => {
  it('tells what came of each, what stands behind the end, and what was not looked at', async () => {
    const text = await answerTo({
      subject: 'help',
      text: 'echo foo\nbogus\nwho\nend\nmore\n7\n8\n9\n10\n11\n12\n13',
    });
    expect(text).toContain('    > help\n\nCommands are words');
    expect(text).toContain('    leave    You leave this list. (also: unsubscribe)');
    expect(text).toContain('    > echo foo\n\necho foo\n');
    expect(text).toContain('    > bogus\n\nThere is no such command.');
    expect(text).toContain('    > who\n\nYou are not allowed to see the members');
    expect(text).toContain('were not done:\n\n    > end\n    > more\n    > 7\n');
    expect(text).toContain('    > 11\n');
    expect(text).not.toContain('> 12');
    expect(text).toMatch(/2 more lines were not looked at/);
    expect(text).toContain('That is all.');
  });

  it('comes from -bounces, names the mail, and is known as an answer of a machine', async () => {
    const text = await answerTo({
      from: `Anne <${anne}>`,
      subject: 'help',
      headers: ['Date: today'],
    });
    expect(text).toMatch(new RegExp(`^From: .*${list.list_name}-bounces@example.com`));
    expect(text).toContain('\nAuto-Submitted: auto-replied\n');
    expect(text).toContain('\nPrecedence: bulk\n');
    expect(text).toMatch(/\nIn-Reply-To: <.*@example\.org>\n/);
    expect(text).toContain(`    From: Anne <${anne}>\n    Subject: help\n    Date: today\n`);
  });

  it('says n/a for what the mail does not have', async () => {
    expect(await answerTo({ text: 'help' })).toContain('    Subject: n/a\n    Date: n/a\n');
  });

  it('does not quote the text, and remarks on other parts', async () => {
    const text = await answerTo({
      subject: 'help',
      headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'],
      text: '--b\n\nend\nbuy this\n--b\nContent-Type: image/png\n\nxyz\n--b--\n',
    });
    expect(text).toContain('Commands are read from plain text alone.');
    expect(text).not.toContain('xyz');
  });

  it('is in the words that a site has set', async () => {
    await world.store.templates.set('site', 'list:user:command:unknown', 'Das kenne ich nicht: $command');
    const text = await answerTo({ subject: 'hilfe' });
    await world.store.templates.remove('site', 'list:user:command:unknown');
    expect(text).toContain('Das kenne ich nicht: hilfe');
  });

  it('is sent once, however often the mail comes, and does the same', async () => {
    await addMember();
    const message = await letter({ subject: 'help', text: 'join address=bart@example.org' });
    const first = await world.wished(message);
    const notices = await world.notices();
    expect(await world.wished(message)).toEqual(first);
    expect(first).toHaveLength(1);
    expect(await world.notices()).toEqual(notices);
    expect(notices.map(({ to }) => to)).toEqual([['bart@example.org'], [anne]]);
  });

  it('is what was decided first, whatever has become of the list or of the mail since', async () => {
    const message = await letter({ subject: 'join' });
    await world.take(message);
    const decided = await world.recordOf(message.id);
    const notices = await world.notices();
    // With another policy the same mail would be decided on otherwise, and without its bytes not at all.
    await addMember();
    await world.take(message);
    expect(await world.recordOf(message.id)).toEqual(decided);
    await world.blobs.remove(message.blob);
    await world.take(message);
    expect(await world.recordOf(message.id)).toEqual(decided);
    expect(new Set((await world.notices()).map(({ text }) => text))).toEqual(
      new Set(notices.map(({ text }) => text)),
    );
    const other = await letter({ subject: 'join' });
    await world.blobs.remove(other.blob);
    await expect(world.take(other)).rejects.toThrow('The bytes of this mail are gone from the bucket.');
  });
});

describe('join', () => {
  it('by its address alone sends something to confirm, and nothing else', async () => {
    const notices = await say({ to: 'join', from: `Anne Person <${anne}>`, text: 'help' });
    expect(notices.map(({ to, subject }) => [to, subject.split(' ')[0]])).toEqual([[[anne], 'confirm']]);
    expect(await world.store.requests.get(list.list_id, 'join', anne, new Date())).toMatchObject({
      display_name: 'Anne Person',
      state: 'confirming',
    });
  });

  it.each([
    ['digest=no', 'regular'],
    ['digest=mime', 'mime_digests'],
    ['digest=PLAIN', 'plaintext_digests'],
  ])('%s', async (argument, delivery_mode) => {
    const [wish] = await world.wished(await letter({ subject: `subscribe ${argument}` }));
    expect(wish).toMatchObject({ deed: 'join', email: anne, by: anne, delivery_mode });
  });

  it('of another address is confirmed by that one, and the name of the sender is not taken for its own', async () => {
    const [wish] = await world.wished(
      await letter({ from: `Anne <${anne}>`, subject: 'join address=bart@example.net' }),
    );
    expect(wish).toMatchObject({ deed: 'join', email: 'bart@example.net', by: anne });
    expect(wish).not.toHaveProperty('display_name');
    expect(wish).not.toHaveProperty('pre_verified');
    expect((await world.notices()).map(({ to }) => to)).toEqual([['bart@example.net']]);
  });

  it.each(['digest=daily', 'address=nobody', 'now'])('%s is not understood', async (argument) => {
    expect(await answerTo({ subject: `join ${argument}`, text: 'echo on' })).toMatch(
      /does not understand this: |This is no address/,
    );
  });

  it('says the same whether the address is on the list or not', async () => {
    await addMember('bart@example.org');
    const member = await answerToJoinOf('bart@example.org');
    list = await world.list();
    await addMember('cris@example.org');
    expect((await answerToJoinOf('bart@example.org')).replaceAll(/ant\d+/g, '')).toBe(
      member.replaceAll(/ant\d+/g, ''),
    );
  });
});

/** What somebody is told who asks that an address joins, from the first result on. */
const answerToJoinOf = async (email: string): Promise<string> => {
  await addMember('dora@example.org');
  const notices = await say({ from: 'dora@example.org', subject: `join address=${email}` });
  const [answer] = notices.filter(({ to }) => to[0] === 'dora@example.org');
  return answer?.text.split('    > join')[1] ?? '';
};

describe('leave', () => {
  it('by its address alone sends a member something to confirm', async () => {
    await addMember();
    const notices = await say({ to: 'leave' });
    expect(notices.map(({ subject }) => subject.split(' ')[0])).toEqual(['confirm']);
  });

  it('tells who is not on the list, also when it was the address alone', async () => {
    expect(await answerTo({ to: 'leave' })).toContain(`${anne} is not on this list.`);
  });

  it('finds another confirmed address of the same user, and no unconfirmed one', async () => {
    const at = '2026-01-01T00:00:00.000Z';
    const user_id = `user-${list.list_id}`;
    const know = (email: string, verified: boolean) =>
      world.store.addresses.register({
        email,
        display_name: '',
        registered_on: at,
        ...(verified ? { verified_on: at } : {}),
        user_id,
        preferences: {},
      });
    const [from, home, old] = ['work', 'home', 'old'].map((name) => `${name}-${list.list_name}@example.org`);
    if (from === undefined || home === undefined || old === undefined) throw new Error('They have names');
    await know(from, true);
    await know(old, false);
    await addMember(old);
    expect(await world.wished(await letter({ from, subject: 'leave' }))).toEqual([]);
    await know(home, true);
    await addMember(home);
    const [wish] = await world.wished(await letter({ from, subject: 'leave' }));
    expect(wish).toMatchObject({ deed: 'leave', email: home, by: from });
    const foreign = await world.wished(await letter({ from: old, subject: 'leave' }));
    expect(foreign).toMatchObject([{ email: old }]);
  });

  it('twice in a mail is once', async () => {
    await addMember();
    const wishes = await world.wished(await letter({ subject: 'leave', text: 'unsubscribe\nleave' }));
    expect(wishes).toHaveLength(1);
  });
});

describe('confirm', () => {
  /** The token that was sent to somebody who joins. */
  const tokenFor = async (email = anne): Promise<string> => {
    await say({ to: 'join', from: email });
    const request = await world.store.requests.get(list.list_id, 'join', email, new Date());
    return request?.token ?? 'none';
  };
  const isMember = async (email = anne): Promise<boolean> =>
    (await world.store.members.get(list.list_id, 'member', email)) !== undefined;

  it.each<[string, (token: string) => Letter]>([
    ['by its address alone', (token) => ({ to: 'confirm', detail: token })],
    ['by an address in capitals', (token) => ({ to: 'confirm', detail: token.toUpperCase() })],
    ['in the subject of a reply', (token) => ({ subject: `AW: confirm ${token}`, text: 'Ja bitte' })],
    [
      'to -confirm in the subject, when the address lost it',
      (token) => ({ to: 'confirm', subject: `Re: confirm ${token}` }),
    ],
    [
      'to -confirm in the subject, when the address lost it and kept the delimiter',
      (token) => ({ to: 'confirm', detail: '', subject: `Re: confirm ${token}` }),
    ],
    ['in the subject, in quotes and with a dot', (token) => ({ subject: `Re: "confirm ${token}".` })],
    ['in the subject, in angle brackets', (token) => ({ subject: `confirm <${token}>` })],
    ['in the subject that a filter has marked', (token) => ({ subject: `***SPAM*** Re: confirm ${token}` })],
    ['in the text', (token) => ({ subject: 'hello', text: `confirm ${token}` })],
    ['quoted', (token) => ({ subject: 'hello', text: `On 1 May Ant wrote:\n> confirm ${token}\n` })],
    ['from another address', (token) => ({ to: 'confirm', detail: token, from: 'other@example.org' })],
  ])('%s ends the request', async (_, of) => {
    const token = await tokenFor();
    const notices = await say(of(token));
    expect(await isMember()).toBe(true);
    expect(notices.filter(({ subject }) => subject.startsWith('Welcome'))).toHaveLength(1);
  });

  it('of a token that is used, of another list, or of nobody, says so', async () => {
    const token = await tokenFor();
    await say({ to: 'confirm', detail: token });
    expect(await answerTo({ to: 'confirm', detail: token })).toContain('Nothing waits for this');
    const foreign = await world.list();
    const home = list;
    list = foreign;
    const other = await tokenFor('bart@example.org');
    list = home;
    expect(await world.wished(await letter({ to: 'confirm', detail: other }))).toEqual([]);
    expect(await world.wished(await letter({ subject: 'confirm' }))).toEqual([]);
  });

  it('is not done by automatic mail, which uses up nothing', async () => {
    const token = await tokenFor();
    for (const headers of [
      ['Auto-Submitted: auto-replied'],
      ['X-Auto-Response-Suppress: All'],
      ['List-Id: <x>'],
    ]) {
      expect(await say({ to: 'confirm', detail: token, headers })).toEqual([]);
    }
    expect(await say({ to: 'confirm', detail: token, sender: '' })).toEqual([]);
    expect(await say({ to: 'confirm', detail: token, subject: `Automatic reply: confirm ${token}` })).toEqual(
      [],
    );
    expect(await isMember()).toBe(false);
    await say({ to: 'confirm', detail: token });
    expect(await isMember()).toBe(true);
  });

  it('by a moderator accepts what waits for one, unless the password is wrong', async () => {
    list = await world.list({ subscription_policy: 'confirm_then_moderate', moderator_password: 'open up' });
    const token = await tokenFor();
    await say({ to: 'confirm', detail: token });
    const request = await world.store.requests.get(list.list_id, 'join', anne, new Date());
    expect(request?.state).toBe('moderating');
    const from = 'olga@example.org';
    const subject = `Re: confirm ${request?.token}`;
    expect(await answerTo({ from, subject, headers: ['Approved: wrong'] })).toContain('Nothing was done');
    expect(await isMember()).toBe(false);
    await say({ from, subject, headers: ['Approved: open up'] });
    expect(await isMember()).toBe(true);
  });
});

describe('who', () => {
  it.each<[string, 'public' | 'members' | 'moderators', 'stranger' | 'member' | 'owner', boolean]>([
    ['everyone', 'public', 'stranger', true],
    ['members', 'members', 'member', true],
    ['owners', 'members', 'owner', true],
    ['no strangers', 'members', 'stranger', false],
    ['no members', 'moderators', 'member', false],
    ['owners and moderators', 'moderators', 'owner', true],
  ])('is told to %s when the list says so', async (_, member_roster_visibility, role, sees) => {
    list = await world.list({ member_roster_visibility });
    await addMember('bart@example.org', { display_name: 'Bart' });
    if (role !== 'stranger') await addMember(anne, { role });
    const text = await answerTo({ subject: 'who' });
    expect(text.includes('    Bart <bart@example.org>')).toBe(sees);
    expect(text.includes('not allowed')).toBe(!sees);
  });

  it('goes to the address that is on the list, whoever sent it', async () => {
    list = await world.list({ member_roster_visibility: 'members' });
    await addMember();
    const notices = await say({
      subject: 'who',
      sender: 'mallory@example.net',
      headers: ['Reply-To: mallory@example.net'],
    });
    expect(notices.map(({ to }) => to)).toEqual([[anne]]);
  });

  it('leaves out who has wished it, but for administrators', async () => {
    list = await world.list({ member_roster_visibility: 'public' });
    await addMember('bart@example.org', { hide_address: true });
    await addMember('cris@example.org', { inherited: { hide_address: true } });
    await addMember('dora@example.org');
    const stranger = await answerTo({ subject: 'who' });
    expect(stranger).toContain('    dora@example.org');
    expect(stranger).not.toMatch(/bart|cris/);
    await addMember('olga@example.org', { role: 'owner' });
    expect(await answerTo({ from: 'olga@example.org', subject: 'who' })).toMatch(
      /bart[\s\S]*cris[\s\S]*dora/,
    );
  });

  it('picks by delivery and mode', async () => {
    list = await world.list({ member_roster_visibility: 'public' });
    await addMember('bart@example.org', { delivery_status: 'by_user' });
    await addMember('cris@example.org', { delivery_mode: 'mime_digests' });
    await addMember();
    const asked = async (words: string) =>
      [...(await answerTo({ subject: `who ${words}` })).matchAll(/^ {4}(\w+)(?:-\w+)?@/gm)].map(
        ([, name]) => name,
      );
    expect(await asked('delivery=disabled')).toEqual(['bart']);
    expect(await asked('delivery=enabled mode=regular')).toEqual(['anne']);
    expect(await asked('mode=digest')).toEqual(['cris']);
    expect(await answerTo({ subject: 'who mode=all' })).toContain('does not understand this: mode=all');
  });

  it('comes in pages', async () => {
    list = await world.list({ member_roster_visibility: 'public' });
    await addMember();
    for (let n = 0; n < 250; n += 1) await addMember(`m${String(n).padStart(3, '0')}@example.org`);
    const first = await answerTo({ subject: 'who' });
    expect(first.match(/^ {4}\S+@example\.org$/gm)).toHaveLength(200);
    expect(first).toContain('    who page=2');
    const second = await answerTo({ subject: 'who page=2', text: 'who page=1' });
    expect(second.match(/^ {4}\S+@example\.org$/gm)).toHaveLength(51);
    expect(second).not.toContain('page=3');
  });
});

describe('help', () => {
  it('tells how a command is written', async () => {
    await addMember();
    expect(await answerTo({ subject: 'help subscribe' })).toContain('    join [digest=no|mime|plain]');
    expect(await answerTo({ subject: 'help dance', text: 'echo on' })).toMatch(
      /no command of that name[\s\S]*> echo on/,
    );
  });
});
