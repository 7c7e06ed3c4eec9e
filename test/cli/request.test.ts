import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite } from '../../lib/config/site.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import { noLinks } from '../../lib/notices/links.ts';
import type { SubscriptionMessage } from '../../lib/queue/messages.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
let count = 0;
/** The list of the test at hand. */
let list: string;
let running = true;
let command: Promise<void> = Promise.resolve();

const run = (...args: readonly string[]) => belfry.run(args);
const listId = (): string => list.replace('@', '.');

const ports = () => ({
  ...belfry.emulators,
  clock: systemClock,
  site: readSite(),
  log: mailLogTo(() => undefined),
  links: noLinks,
});

/** Wishes something as a mail or a page does it. */
const wish = async (over: Pick<SubscriptionMessage, 'deed'> & Partial<SubscriptionMessage>) => {
  count += 1;
  const outcome = await runSubscription(
    {
      v: 1,
      type: 'subscription',
      queue: 'command',
      id: `wish-${count}`,
      listid: listId(),
      by: 'somebody@example.org',
      at: new Date().toISOString(),
      ...over,
    },
    ports(),
  );
  if (outcome.kind !== 'request') throw new Error(outcome.reason);
  return outcome.request;
};

/** Two who wait for a moderator, and one who has to confirm. */
const waiting = async () => {
  const anne = await wish({
    deed: 'join',
    email: 'anne@example.org',
    display_name: 'Anne',
    pre_verified: true,
  });
  const bart = await wish({ deed: 'join', email: 'bart@example.org', pre_verified: true });
  const cris = await wish({ deed: 'join', email: 'cris@example.org' });
  return { anne, bart, cris };
};

const isMember = async (email: string): Promise<boolean> =>
  (await belfry.emulators.store.members.get(listId(), 'member', email)) !== undefined;

beforeAll(async () => {
  belfry = await startBelfry();
});
afterAll(() => belfry.close());
beforeEach(async () => {
  count += 1;
  list = `ant${count}@example.com`;
  expect((await run('list', 'create', list)).stderr).toBe('');
  await run('list', 'set', list, 'subscription_policy=moderate');
  running = true;
  // The function command, beside the command line as in a stack that runs.
  command = (async () => {
    while (running) {
      for (const message of await belfry.emulators.receive('command')) {
        if (message.type === 'subscription') await runSubscription(message, ports());
      }
    }
  })();
});
afterEach(async () => {
  running = false;
  await command;
});

describe('request', () => {
  it('ls shows who waits, and for whom', async () => {
    const { anne } = await waiting();
    const shown = await run('request', 'ls', list);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/^\S+ {2}join {3}Anne <anne@example\.org>: waits for a moderator$/m);
    expect(shown.stdout).toMatch(/^\S+ {2}join {3}cris@example\.org: has to confirm$/m);
    const some = await run('request', 'ls', list, '--state', 'confirming');
    expect(some.stdout.trim().split('\n')).toHaveLength(1);
    const [first] = JSON.parse((await run('request', 'ls', list, '--json')).stdout);
    expect(first).toMatchObject({
      type: 'subscription',
      email: 'anne@example.org',
      token: anne.token,
      token_owner: 'moderator',
    });
    expect((await run('request', 'ls', list, '--state', 'done')).status).toBe(2);
  });

  it('accept lets people in, by address or by token, also those who have not confirmed', async () => {
    const { anne } = await waiting();
    const accepted = await run('request', 'accept', list, anne.token, 'cris@example.org');
    expect(accepted).toMatchObject({
      status: 0,
      stdout: `${list}: anne@example.org joined.\n${list}: cris@example.org joined.\n`,
    });
    expect(
      await Promise.all(['anne', 'bart', 'cris'].map((name) => isMember(`${name}@example.org`))),
    ).toEqual([true, false, true]);
    expect((await belfry.emulators.store.addresses.get('cris@example.org'))?.verified_on).toBeUndefined();
    // It is decided, and no second time.
    const again = await run('request', 'accept', list, 'anne@example.org');
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('No request of anne@example.org waits');
  });

  it('reject and discard end requests, and defer leaves them', async () => {
    await waiting();
    const deferred = await run('request', 'defer', list, 'anne@example.org');
    expect(deferred.stdout).toMatch(/^anne@example\.org waits until \d{4}-/);
    const rejected = await run(
      'request',
      'reject',
      list,
      'anne@example.org',
      '--comment',
      'We are full.',
      '--json',
    );
    expect(JSON.parse(rejected.stdout)).toMatchObject([
      { email: 'anne@example.org', state: 'rejected', done: true },
    ]);
    const discarded = await run('request', 'discard', list, 'bart@example.org', 'cris@example.org');
    expect(discarded.stdout).toBe(
      `${list}: bart@example.org was discarded.\n${list}: cris@example.org was discarded.\n`,
    );
    expect((await run('request', 'ls', list)).stderr).toBe(`Nobody waits to join or to leave ${list}.\n`);
    expect(await isMember('anne@example.org')).toBe(false);
  });

  it('accept says that somebody is banned, and does nothing', async () => {
    await waiting();
    await run('ban', 'add', list, 'anne@example.org');
    const banned = await run('request', 'accept', list, 'anne@example.org', 'bart@example.org');
    expect(banned).toMatchObject({ status: 1, stdout: '' });
    expect(banned.stderr).toContain('anne@example.org is banned');
    expect(await isMember('bart@example.org')).toBe(false);
  });

  it('says what is missing before it connects', async () => {
    expect(await run('request', 'accept', list)).toMatchObject({ status: 2 });
    expect((await run('request', 'accept', list, 'nobody@example.org')).status).toBe(1);
  });
});

describe('member invite', () => {
  it('sends invitations, and reports the lines that name nobody whom one can invite', async () => {
    await belfry.run(['member', 'add', list, 'bart@example.org']);
    const lines = `Anne <anne@example.org>\n\nno address\nbart@example.org\n${list}\n`;
    const sent = await belfry.run(['member', 'invite', list], lines);
    expect(sent).toMatchObject({ status: 1, stdout: `1 invitation to ${list} is on the way.\n` });
    expect(sent.stderr).toContain('line 3: ');
    expect(sent.stderr).toContain('line 4: bart@example.org is a member already');
    expect(sent.stderr).toContain(`line 5: ${list} is an address of a list`);
    await expect
      .poll(async () => (await run('request', 'ls', list)).stdout, { timeout: 20_000 })
      .toMatch(/ join {3}Anne <anne@example\.org>: invited, and has to confirm$/m);
    const again = await run('member', 'invite', list, 'anne@example.org');
    expect(again.stderr).toContain('argument 1: anne@example.org is invited or wants to join already');
  });
});
