import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { runCommand } from '../../lib/runners/command.ts';
import { type CommandWorld, type Letter, openCommandWorld } from './command-world.ts';

let world: CommandWorld;
let list: MailingList;
beforeAll(async () => {
  world = await openCommandWorld();
});
beforeEach(async () => {
  list = await world.list();
  await world.receive('pipeline');
  await world.receive('command');
});
afterAll(() => world.close());

/** Sends a mail to the list and lets everything follow. */
const say = async (given: Letter, to = list): Promise<void> => {
  await world.take(await world.letter(to, given));
  await world.settle();
};

/** What somebody got since this was asked last. */
const mailTo = async (email: string): Promise<readonly string[]> =>
  (await world.notices()).filter(({ to }) => to.includes(email)).map(({ subject }) => subject);

describe('an address that others write from', () => {
  it('gets one mail in a day from a list, whatever the commands are', async () => {
    const from = 'victim-1@example.org';
    for (const subject of ['help', 'who', 'join', 'leave', 'nonsense', 'echo BUY'])
      await say({ from, subject });
    await say({ from, to: 'join' });
    await say({ from, to: 'leave' });
    await say({ from, to: 'confirm', detail: 'f'.repeat(40) });
    expect(await mailTo(from)).toEqual(['The results of your email commands']);
  });

  it('gets nothing but the confirmation when that came first', async () => {
    const from = 'victim-2@example.org';
    await say({ from, subject: 'join', text: 'help\nwho\nbogus' });
    await say({ from, subject: 'help' });
    const mails = await mailTo(from);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^confirm /);
  });

  it('gets another one on the next day', async () => {
    const from = 'victim-3@example.org';
    for (const arrived of [
      '2026-01-01T10:00:00.000Z',
      '2026-01-01T23:00:00.000Z',
      '2026-01-02T01:00:00.000Z',
    ]) {
      await say({ from, subject: 'help', arrived });
    }
    expect(await mailTo(from)).toHaveLength(2);
  });

  it('gets no more than so many in an hour from all lists together', async () => {
    const from = 'victim-4@example.org';
    const arrived = '2026-01-01T10:00:00.000Z';
    for (let n = 0; n < 8; n += 1) {
      await say({ from, subject: n % 2 === 0 ? 'help' : 'join', arrived }, await world.list());
    }
    expect(await mailTo(from)).toHaveLength(world.ports.site.mailman.max_confirmations_per_hour);
  });

  it('gets no more in an hour when what follows its plus sign is always another one', async () => {
    const arrived = '2026-01-01T10:00:00.000Z';
    for (let n = 0; n < 8; n += 1) {
      await say({ from: 'eve@example.org', subject: `join address=victim-6+${n}@example.org`, arrived });
      await say({ from: `Victim-6+x${n}@example.org`, subject: 'help', arrived });
    }
    const mails = (await world.notices()).filter(({ to }) => to.some((one) => /^victim-6/i.test(one)));
    expect(mails).toHaveLength(world.ports.site.mailman.max_confirmations_per_hour);
  });

  it('gets no more in an hour when its dots stand elsewhere, where that is one mailbox', async () => {
    const arrived = '2026-01-01T10:00:00.000Z';
    const dotted = (n: number, domain: string): string =>
      `${'victimnine'.slice(0, n)}.${'victimnine'.slice(n)}@${domain}`;
    for (let n = 1; n <= 8; n += 1) {
      for (const domain of ['gmail.com', 'example.org']) {
        await say({ from: 'eve@example.org', subject: `join address=${dotted(n, domain)}`, arrived });
      }
    }
    const to = (await world.notices()).flatMap((notice) => notice.to);
    const most = world.ports.site.mailman.max_confirmations_per_hour;
    expect(to.filter((one) => one.endsWith('@gmail.com'))).toHaveLength(most);
    // Elsewhere they are eight people.
    expect(to.filter((one) => one !== 'eve@example.org' && one.endsWith('@example.org'))).toHaveLength(8);
  });

  it('gets a bounded number of automatic answers, also when they ask for them', async () => {
    for (const settings of [{ autoresponse_grace_period: 0 }, {}]) {
      const from = `victim-7-${Object.keys(settings).length}@example.org`;
      const answering = await world.list({
        autorespond_requests: 'respond_and_continue',
        autoresponse_request_text: 'On Mondays.',
        ...settings,
      });
      const arrived = '2026-01-01T10:00:00.000Z';
      for (let n = 0; n < 14; n += 1) {
        await say({ from, subject: 'help', headers: ['X-Ack: yes'], arrived }, answering);
      }
      const answers = (await mailTo(from)).filter((subject) => subject.startsWith('Automatic answer'));
      expect(answers).toHaveLength(world.ports.site.mta.max_autoresponses_per_day);
    }
  });

  it('is not taken on and off an open list again and again', async () => {
    const from = 'victim-8@example.org';
    const open = await world.list({ subscription_policy: 'open', unsubscription_policy: 'open' });
    await world.store.addresses.register({
      email: from,
      display_name: '',
      registered_on: '2026-01-01T00:00:00.000Z',
      verified_on: '2026-01-01T00:00:00.000Z',
      preferences: {},
    });
    for (let n = 0; n < 6; n += 1) {
      await say({ from, to: 'join' }, open);
      await say({ from, to: 'leave' }, open);
    }
    const mails = (await mailTo(from)).map((subject) => subject.split(' ')[0]);
    const round = ['Welcome', 'You'];
    expect(mails.filter((first) => first !== 'The')).toEqual([
      ...round,
      ...round,
      ...round,
      ...round,
      'confirm',
    ]);
  });

  it('of a member makes us read the members no more often than it is answered', async () => {
    const from = 'victim-9@example.org';
    const shown = await world.list({ member_roster_visibility: 'members' });
    await world.member(shown, from);
    const { store } = world.ports;
    let reads = 0;
    const pages: typeof store.members.pages = (...asked) => {
      reads += 1;
      return store.members.pages(...asked);
    };
    const counted = { ...world.ports, store: { ...store, members: { ...store.members, pages } } };
    const arrived = '2026-01-01T10:00:00.000Z';
    for (let n = 0; n < 14; n += 1) {
      await runCommand(await world.letter(shown, { from, subject: `who page=${n + 1}`, arrived }), counted);
    }
    const most = world.ports.site.mta.max_autoresponses_per_day;
    expect(reads).toBe(most);
    expect(await mailTo(from)).toHaveLength(most);
  });

  it('of a member is told so when others have asked for the members too often in its name', async () => {
    const from = 'victim-10@example.org';
    const shown = await world.list({ member_roster_visibility: 'members' });
    await world.member(shown, from);
    const arrived = '2026-01-01T10:00:00.000Z';
    const quiet = ['X-Auto-Response-Suppress: DR'];
    for (let n = 0; n < world.ports.site.mta.max_autoresponses_per_day; n += 1) {
      await say({ from, subject: 'who', headers: quiet, arrived }, shown);
    }
    await say({ from, subject: 'who', arrived }, shown);
    const [answer, ...more] = await world.notices();
    expect(more).toEqual([]);
    expect(answer?.text).toContain('The members were asked for often enough');
  });

  it('of a member gets a bounded number', async () => {
    const from = 'victim-5@example.org';
    await world.member(list, from);
    const arrived = '2026-01-01T10:00:00.000Z';
    for (let n = 0; n < 14; n += 1) await say({ from, subject: `echo ${n}`, arrived });
    expect(await mailTo(from)).toHaveLength(world.ports.site.mta.max_autoresponses_per_day);
  });
});

describe('nothing is sent', () => {
  it.each<[string, Letter]>([
    ['to the null sender', { sender: '' }],
    ['to a mail server', { from: 'MAILER-DAEMON@example.org' }],
    ['to the owners of a list', { from: 'ant-owner@example.com' }],
    ['to the -bounces address of a list', { from: 'bee@example.org', sender: 'ant-bounces@example.com' }],
    ['in answer to a list', { headers: ['List-Id: <bee.example.org>'] }],
    ['in answer to bulk mail', { headers: ['Precedence: bulk'] }],
    ['in answer to an answer of a machine', { headers: ['Auto-Submitted: auto-replied'] }],
    ['to whom answers are not wanted by', { headers: ['X-Auto-Response-Suppress: DR, RN'] }],
    ['to an empty Return-Path', { headers: ['Return-Path: <>'] }],
    ['to nobody', { from: 'nobody', sender: 'not an address' }],
  ])('%s', async (_, given) => {
    const ant = (await world.store.lists.find('ant@example.com')) ?? (await world.list({}, 'ant'));
    const message = await world.letter(ant, { from: 'stranger@example.org', subject: 'help', ...given });
    await world.take(message);
    await world.settle();
    expect(await world.notices()).toEqual([]);
    expect((await world.recordOf(message.id)).command).toMatchObject({ verb: 'commands' });
  });
});

describe('1,000 mails from 1,000 forged senders', () => {
  it('that have one address join make it one mail, and others are served meanwhile', async () => {
    const victim = 'bombed@example.net';
    const bombs = await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        world.letter(list, { from: `forged-${n}@example.org`, subject: `join address=${victim}` }),
      ),
    );
    const honest = await world.letter(list, { from: 'honest@example.org', to: 'join' });
    // A function takes so many at once: two copies with a batch of ten, whose mails it does side by side.
    const atOnce = 20;
    const begun = performance.now();
    const before = process.cpuUsage();
    await forEachAtOnce([...bombs.slice(0, 500), honest, ...bombs.slice(500)], atOnce, world.take);
    await world.settle();
    const { user, system } = process.cpuUsage(before);
    const took = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(
      `      1,001 mails with what they wish: ${took} s, ${((user + system) / 1e6).toFixed(1)} s of a core`,
    );
    const notices = await world.notices();
    const to = (email: string) => notices.filter((notice) => notice.to.includes(email));
    expect(to(victim)).toHaveLength(1);
    expect(to('honest@example.org').map(({ subject }) => subject.split(' ')[0])).toEqual(['confirm']);
    // The forged senders hear nothing.
    expect(notices).toHaveLength(2);
  }, 300_000);
});
