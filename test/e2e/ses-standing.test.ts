import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountState } from '../../infra/local/emulators/ses/account.ts';
import { runIn } from '../cli/belfry.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { type House, openHouse } from '../harness/house.ts';
import { type SesControl, sesControl } from '../harness/ses-stub.ts';
import { makeList } from './make-list.ts';
import { shunted } from './shunted.ts';

// What the account may do changes while posts are under way: none of it is any member's fault, and nobody is missed when it is over.

const list = 'ant@lists.example.com';
const members = ['anne@example.org', 'bart@example.org', 'cris@example.org'];
const able = {
  sending: 'enabled',
  configuration_set_sending: true,
  max_send_rate: 200,
  max_24_hour_send: 50_000,
  sent_last_24_hours: 0,
  throttle: 0,
} as const;

let house: House;
let ses: SesControl;
let posts = 0;

beforeAll(async () => {
  house = await openHouse({
    delivery: { transport: 'ses', retry_delay: 3 },
    ses: { domains: ['lists.example.com'] },
  });
  ses = sesControl(house.stack.ses?.control ?? '');
  await makeList(house.stack, list, members, { dmarc_mitigate_action: 'no_mitigation' });
}, 120_000);
afterAll(() => house?.close());
beforeEach(async () => {
  await ses.account(able);
  await house.stack.invoke('quota');
});

/** Posts; gives the Message-ID. */
const post = async (): Promise<string> => {
  const id = `<standing-${++posts}@example.org>`;
  const content = `From: anne@example.org\r\nTo: ${list}\r\nSubject: ${posts}\r\nMessage-ID: ${id}\r\n\r\nHello.\r\n`;
  await deliverLikeAnMta(() => house.stack.lmtpPort, 'anne@example.org', [list], content);
  return id;
};

const belfry = async (...words: readonly string[]): Promise<string> => {
  const { stdout, stderr, status } = await runIn(house.directory, words);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
};

/** How many copies each member got of what came since. */
const copiesSince = (before: number): readonly number[] =>
  members.map(
    (member) =>
      house.relay.received.slice(before).filter(({ recipients }) => recipients.includes(member)).length,
  );

/** Everybody was served at the first attempt, as the command line tells it, and nothing was counted against anybody. */
const servedAtOnce = async (id: string): Promise<void> => {
  const told = await belfry('post', 'show', id, '--missed');
  expect(told).toBe('Nobody is known who did not get it.\n');
  expect(await shunted(house.stack)).toEqual([]);
};

describe('a throttled send', () => {
  it('is sent later, parks nothing, and halves the share for a minute', async () => {
    await ses.account({ throttle: 3 });
    const before = house.relay.received.length;
    const id = await post();
    await house.stack.idle(30_000);
    expect(copiesSince(before)).toEqual([1, 1, 1]);
    expect(await ses.refused()).toMatchObject([
      { code: 'Throttling' },
      { code: 'Throttling' },
      { code: 'Throttling' },
    ]);
    expect(await house.stack.store.parking.read()).toBeUndefined();
    expect((await house.stack.store.pace.get())?.slow_until).toBeGreaterThan(Date.now());
    await servedAtOnce(id);
  }, 60_000);
});

/** What the account is told, what the reason says, and whether the function that reads the quota has seen it before a mail did. */
const standings: readonly (readonly [string, Partial<AccountState>, string, boolean])[] = [
  ['an account that its owner paused', { sending: 'paused' }, 'paused sending for this account', false],
  ['an account that AWS suspended', { sending: 'suspended' }, 'Sending suspended for this account', false],
  [
    'a configuration set that is paused',
    { configuration_set_sending: false },
    'Sending is paused for the configuration set',
    false,
  ],
  ['a used-up quota, as SES says', { sent_last_24_hours: 50_000 }, 'Daily message quota exceeded', false],
  ['a used-up quota, as the table says', { sent_last_24_hours: 50_000 }, '50000 of 50000 mails', true],
];

describe.each(standings)('%s', (_, changes, reason, known) => {
  it('parks delivery with its reason, is nobody’s deferral, and the post goes on by its probe', async () => {
    const before = house.relay.received.length;
    await ses.account(changes);
    if (known) await house.stack.invoke('quota');
    const id = await post();
    const { parking } = house.stack.store;
    await expect
      .poll(() => parking.read(), { timeout: 20_000 })
      .toMatchObject({ reason: expect.stringContaining(reason) });
    expect(await belfry('queue', 'ls')).toMatch(new RegExp(`^Delivery is parked .*${reason}`, 'm'));
    // All of them still wait, none of them is deferred: no reply is told of anybody, and no attempt was counted.
    expect(JSON.parse(await belfry('post', 'show', id, '--json'))).toMatchObject([
      {
        delivery: { delivered: 0, waits: 0, not_tried: 3, refused: 0, replies: {}, waiting: { attempts: 0 } },
      },
    ]);
    expect(copiesSince(before)).toEqual([0, 0, 0]);
    await ses.account(able);
    // As the schedule does each minute; a quota that is over in the table is believed until then.
    await house.stack.invoke('quota');
    await house.relay.deliveries(before + members.length, 30_000);
    await house.stack.idle(30_000);
    expect(copiesSince(before)).toEqual([1, 1, 1]);
    expect(await parking.read()).toBeUndefined();
    await servedAtOnce(id);
  }, 90_000);
});
