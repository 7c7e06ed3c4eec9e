import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postKey, rosterKey } from '../../lib/blobs/keys.ts';
import { readSite, type Site } from '../../lib/config/site.ts';
import { dispatchPost } from '../../lib/delivery/dispatch.ts';
import { countCodes, countStates } from '../../lib/delivery/ledger-states.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import { LaterError } from '../../lib/errors/later-error.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { ChunkMessage, QueueMessage } from '../../lib/queue/messages.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { type Script, startRelay, type TestRelay } from '../harness/relay.ts';

let emulators: Emulators;
let relay: TestRelay;
let transport: SmtpTransport;
let site: Site;
let now: Date;

beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

beforeEach(async () => {
  relay = await startRelay();
  now = new Date('2026-11-20T12:00:00Z');
  site = readSite({
    mta: { smtp_host: '127.0.0.1', smtp_port: relay.port, smtp_secure_mode: 'smtp', max_recipients: 2 },
    delivery: { chunk_size: 5, retry_delay: 0 },
  });
  transport = new SmtpTransport(
    async () => ({ mta: site.mta, delivery: site.delivery, credentials: undefined }),
    site,
    { now: () => now },
  );
});
afterEach(async () => {
  await transport.close();
  await relay.close();
});

const post = Buffer.from('Subject: hello\r\n\r\nbody\r\n');

/** Dispatches a post to the given members and gives its chunk messages. */
const dispatch = async (recipients: readonly string[]): Promise<readonly ChunkMessage[]> => {
  const id = randomUUID();
  await emulators.store.mails.commit({
    id,
    list_id: 'ant.example.com',
    message_id: `<${id}@example.org>`,
    blob: 'transit/mail/x',
    envelope: { sender: 'a@example.org', recipient: 'ant@example.com' },
    metadata: { original_size: 1, received_time: now.toISOString() },
    disposition: 'accepted',
    rule_hits: [],
    rule_misses: [],
    decided_at: now.toISOString(),
  });
  await dispatchPost(
    {
      record: { id, list_id: 'ant.example.com' },
      post,
      recipients: recipients.map((email) => ({ email })),
      sender: 'ant-bounces@example.com',
      plan: {
        personalize: 'none',
        verp: false,
        decorate: true,
        voice: 'post',
        list: { address: 'ant@example.com', name: 'Ant' },
      },
    },
    { ...emulators, clock: { now: () => now }, site },
  );
  return chunks(await emulators.receive('out'));
};

const chunks = (messages: readonly QueueMessage[]): readonly ChunkMessage[] =>
  messages.filter((message) => message.type === 'chunk');

const run = (message: ChunkMessage) =>
  runOutgoing(message, {
    ...emulators,
    transport,
    site,
    clock: { now: () => now },
    log: mailLogTo(() => undefined),
    owner: 'me',
    deadline: new Date(now.getTime() + 180_000),
  });

const ledger = async ({ id, roster, chunk }: ChunkMessage) => {
  const found = await emulators.store.ledgers.get(id, roster, chunk);
  if (found === undefined) throw new Error('There is no ledger');
  return { ...found, counts: countStates(found.states, found.size), replies: countCodes(found.codes) };
};

const one = <T>(items: readonly T[]): T => {
  const [first, ...others] = items;
  if (first === undefined || others.length > 0) throw new Error(`There are ${items.length}, not one`);
  return first;
};

const members = (count: number) => Array.from({ length: count }, (_, index) => `m${index}@example.org`);

describe('a chunk on its way to the relay', () => {
  it('goes in transactions of max_recipients, each member once, and is done', async () => {
    const message = one(await dispatch(members(5)));
    await run(message);
    expect(relay.received.map(({ recipients }) => recipients.length)).toEqual([2, 2, 1]);
    expect(new Set(relay.copies().values())).toEqual(new Set([1]));
    expect(await ledger(message)).toMatchObject({ done: true, counts: { delivered: 5 } });
  });

  it('parts a post into chunks, sorted by domain', async () => {
    const messages = await dispatch([
      'x@b.example',
      'x@a.example',
      'y@b.example',
      'y@a.example',
      'z@c.example',
      'z@a.example',
    ]);
    expect(messages.map(({ chunk }) => chunk).sort()).toEqual([0, 1]);
    for (const message of messages) await run(message);
    const served = relay.received.flatMap(({ recipients }) => recipients);
    expect([...served].sort()).toEqual([
      'x@a.example',
      'x@b.example',
      'y@a.example',
      'y@b.example',
      'z@a.example',
      'z@c.example',
    ]);
  });

  it('does nothing when its message comes again', async () => {
    const message = one(await dispatch(members(3)));
    await run(message);
    await run(message);
    expect(relay.copies().get('m0@example.org')).toBe(1);
  });

  it('is left alone while another invocation holds it, and comes back when the lease ends', async () => {
    const message = one(await dispatch(members(3)));
    await emulators.store.ledgers.claim({
      ...message,
      owner: 'other',
      now,
      leaseEnd: new Date(now.getTime() + 60_000),
      period: 432_000,
    });
    await expect(run(message)).rejects.toMatchObject({ until: new Date(now.getTime() + 60_000) });
    await expect(run(message)).rejects.toThrow(LaterError);
    expect(relay.received).toHaveLength(0);
  });

  it('is taken over when a lease ran out, and counts the batch that may be doubled', async () => {
    const message = one(await dispatch(members(5)));
    await emulators.store.ledgers.claim({
      ...message,
      owner: 'died',
      now,
      leaseEnd: new Date(now.getTime() + 60_000),
      period: 432_000,
    });
    now = new Date(now.getTime() + 61_000);
    await run(message);
    expect(await ledger(message)).toMatchObject({
      done: true,
      possibly_doubled: 2,
      counts: { delivered: 5 },
    });
  });

  it('goes to the shunt, never to the relay, when its ledger, roster or post is gone', async () => {
    const message = one(await dispatch(members(2)));
    await expect(run({ ...message, chunk: 7 })).rejects.toThrow(ShuntError);
    await emulators.blobs.remove(rosterKey(message.id, message.roster, 0));
    await expect(run(message)).rejects.toThrow('roster of chunk 0 is gone');
    const other = one(await dispatch(members(2)));
    await emulators.blobs.remove(postKey(other.id, other.roster));
    await expect(run(other)).rejects.toThrow('bytes of this post are gone');
    expect(relay.received).toHaveLength(0);
  });
});

describe('a chunk that cannot go on', () => {
  const withoutRoster = async () => {
    const message = one(await dispatch(members(2)));
    const key = rosterKey(message.id, message.roster, 0);
    const roster = await emulators.blobs.get(key);
    if (roster === undefined) throw new Error('There is no roster');
    await emulators.blobs.remove(key);
    return { message, mend: () => emulators.blobs.put(key, roster) };
  };

  it('is given back at once, so that whoever has mended it need not wait, and nothing counts as doubled', async () => {
    const { message, mend } = await withoutRoster();
    await expect(run(message)).rejects.toThrow(ShuntError);
    await mend();
    await run(message);
    expect(await ledger(message)).toMatchObject({
      done: true,
      counts: { delivered: 2 },
      possibly_doubled: 0,
    });
  });

  it('is given back with what a dead holder left in doubt', async () => {
    const { message, mend } = await withoutRoster();
    const leaseEnd = new Date(now.getTime() + 60_000);
    await emulators.store.ledgers.claim({ ...message, owner: 'died', now, leaseEnd, period: 432_000 });
    now = new Date(now.getTime() + 61_000);
    await expect(run(message)).rejects.toThrow(ShuntError);
    await mend();
    await run(message);
    expect(await ledger(message)).toMatchObject({ counts: { delivered: 2 }, possibly_doubled: 2 });
  });

  it('gives the probe back while delivery is parked, and another chunk finds out', async () => {
    const { message } = await withoutRoster();
    const other = one(await dispatch(members(3)));
    await emulators.store.parking.park({ reason: '421 Not now', now, until: now });
    await expect(run(message)).rejects.toThrow(ShuntError);
    await run(other);
    expect(await ledger(other)).toMatchObject({ done: true, counts: { delivered: 3 } });
    expect(await emulators.store.parking.read()).toBeUndefined();
  });
});

describe('deferred recipients', () => {
  it('are tried again, they alone, by a new message for the next attempt', async () => {
    relay.says({ rcpt: (r) => (r === 'm1@example.org' ? '451 4.2.1 Greylisted' : '250 Ok') });
    const message = one(await dispatch(members(3)));
    await run(message);
    expect(await ledger(message)).toMatchObject({
      done: false,
      attempt: 1,
      lease_end: 0,
      counts: { delivered: 2, deferred: 1 },
      replies: { 'deferred 451 4.2.1': 1 },
    });
    const again = one(chunks(await emulators.receive('retry')));
    expect(again).toEqual({ ...message, queue: 'retry', attempt: 1 });
    relay.says({});
    await run(again);
    expect(await ledger(message)).toMatchObject({ done: true, counts: { delivered: 3 } });
    expect(new Set(relay.copies().values())).toEqual(new Set([1]));
  });

  it('do not fork the chain when their retry was sent twice', async () => {
    relay.says({ rcpt: () => '451 4.2.1 Greylisted' });
    const message = one(await dispatch(members(2)));
    await run(message);
    const again = one(chunks(await emulators.receive('retry')));
    await run(again);
    await run(again);
    expect(chunks(await emulators.receive('retry'))).toEqual([{ ...again, attempt: 2 }]);
  });

  it('are given up after the retry period, and reported to bounces', async () => {
    relay.says({ rcpt: () => '451 4.2.1 Greylisted' });
    const message = one(await dispatch(members(2)));
    await run(message);
    const again = one(chunks(await emulators.receive('retry')));
    now = new Date(now.getTime() + 5 * 86_400_000);
    await run(again);
    expect(await ledger(message)).toMatchObject({
      done: true,
      counts: { ended: 2 },
      replies: { 'expired 451 4.2.1': 2 },
    });
    expect(await emulators.receive('retry')).toEqual([]);
    expect(await emulators.receive('bounces')).toMatchObject([
      { type: 'refusals', refused: [{ recipient: 'm0@example.org' }, { recipient: 'm1@example.org' }] },
    ]);
  });
});

describe('refusals', () => {
  it('of a whole provider are told in parts that the function bounce has time for, each recipient once', async () => {
    site = { ...site, delivery: { ...site.delivery, chunk_size: 200 } };
    relay.says({ rcpt: () => '550 5.1.1 Unknown user' });
    await run(one(await dispatch(members(60))));
    const told = (await emulators.receive('bounces')).flatMap((message) =>
      message.type === 'refusals' ? [message.refused.map(({ recipient }) => recipient)] : [],
    );
    expect(told.every((part) => part.length <= 25)).toBe(true);
    expect(told.flat().sort()).toEqual(
      Array.from({ length: 60 }, (_, index) => `m${index}@example.org`).sort(),
    );
  });

  it('of a recipient end for that recipient alone and are reported once', async () => {
    relay.says({
      rcpt: (r) =>
        r === 'm0@example.org'
          ? '550 5.1.1 Unknown user'
          : r === 'm1@example.org'
            ? '451 4.2.1 Later'
            : '250 Ok',
    });
    const message = one(await dispatch(members(3)));
    await run(message);
    expect(await emulators.receive('bounces')).toMatchObject([
      { refused: [{ recipient: 'm0@example.org', reply: 'rejected 550 5.1.1' }] },
    ]);
    await run(one(chunks(await emulators.receive('retry'))));
    expect(await emulators.receive('bounces')).toEqual([]);
    await emulators.receive('retry');
  });

  it('of the post end it for everybody and are nobody’s bounce', async () => {
    relay.says({ dot: () => '554 5.7.1 Spam' });
    const message = one(await dispatch(members(5)));
    await run(message);
    expect(await ledger(message)).toMatchObject({
      done: true,
      counts: { ended: 5 },
      replies: { 'refused 554 5.7.1': 5 },
    });
    expect(await emulators.receive('bounces')).toEqual([]);
    expect(await emulators.receive('retry')).toEqual([]);
  });

  it('of the post leave a bounce what it is: who was refused at RCPT is so whatever becomes of the post', async () => {
    relay.says({
      rcpt: (r) => (r === 'm0@example.org' ? '550 5.1.1 Unknown user' : '250 Ok'),
      dot: () => '554 5.7.1 Spam',
    });
    const message = one(await dispatch([...members(3), 'm3>@example.org']));
    await run(message);
    expect(await ledger(message)).toMatchObject({
      done: true,
      counts: { ended: 4 },
      replies: { 'refused 554 5.7.1': 2, 'rejected 550 5.1.1': 1, 'rejected 553 5.1.3': 1 },
    });
    expect(await emulators.receive('bounces')).toMatchObject([
      {
        refused: [
          { recipient: 'm0@example.org', reply: 'rejected 550 5.1.1' },
          { recipient: 'm3>@example.org', reply: 'rejected 553 5.1.3' },
        ],
      },
    ]);
    await emulators.receive('command');
  });

  it('of a mail that speak of an address are about the one whom the relay had accepted, where it was one', async () => {
    relay.says({
      rcpt: (r) => (r === 'm0@example.org' ? '550 5.1.1 Unknown user' : '250 Ok'),
      dot: () => '550 5.2.2 Mailbox full',
    });
    const message = one(await dispatch(members(2)));
    await run(message);
    expect(relay.commands.filter((command) => command.startsWith('MAIL'))).toHaveLength(1);
    expect(await ledger(message)).toMatchObject({
      done: true,
      replies: { 'rejected 550 5.1.1': 1, 'rejected 550 5.2.2': 1 },
    });
    await emulators.receive('bounces');
  });

  it.each<[string, Script]>([
    ['in its greeting', { greeting: () => '554 5.7.1 You are blocked' }],
    ['to each RCPT', { rcpt: (r) => `554 5.7.1 <${r}>: Relay access denied` }],
  ])('of us %s touch neither attempt nor anybody: the same message comes again later', async (_, script) => {
    relay.says(script);
    const message = one(await dispatch(members(3)));
    await run(message);
    expect(await ledger(message)).toMatchObject({
      done: false,
      attempt: 0,
      lease_end: 0,
      counts: { open: 3 },
      replies: {},
    });
    relay.says({});
    await run(one(chunks(await emulators.receive('out'))));
    expect(await ledger(message)).toMatchObject({
      done: true,
      counts: { delivered: 3 },
      possibly_doubled: 0,
    });
  });

  it('of more recipients than the relay takes at once put the rest into the next transaction, and the size is learnt', async () => {
    relay.says({ rcpt: (_r, soFar) => (soFar >= 1 ? '452 4.5.3 Too many recipients' : '250 Ok') });
    const message = one(await dispatch(members(4)));
    await run(message);
    expect(relay.received.map(({ recipients }) => recipients.length)).toEqual([1, 1, 1, 1]);
    expect(await ledger(message)).toMatchObject({ done: true, counts: { delivered: 4 } });
  });

  it('of a mailbox that is full is about its member, who waits, and the size is the same', async () => {
    relay.says({ rcpt: (r) => (r === 'm0@example.org' ? '452 4.2.2 Mailbox full' : '250 Ok') });
    const message = one(await dispatch(members(5)));
    await run(message);
    expect(relay.received.map(({ recipients }) => recipients.length)).toEqual([1, 2, 1]);
    expect(await ledger(message)).toMatchObject({
      counts: { delivered: 4, deferred: 1 },
      replies: { 'deferred 452 4.2.2': 1 },
    });
  });
});

describe('the end of the function’s time', () => {
  it('begins no transaction that could not end, and hands the rest over to a message like this one', async () => {
    const message = one(await dispatch(members(5)));
    relay.says({
      dot: () => {
        now = new Date(now.getTime() + 170_000);
        return '250 Ok';
      },
    });
    const begun = now;
    await runOutgoing(message, {
      ...emulators,
      transport,
      site,
      clock: { now: () => now },
      log: mailLogTo(() => undefined),
      owner: 'me',
      deadline: new Date(begun.getTime() + 180_000),
    });
    expect(await ledger(message)).toMatchObject({
      attempt: 0,
      lease_end: 0,
      counts: { delivered: 2, open: 3 },
    });
    relay.says({});
    await run(one(chunks(await emulators.receive('out'))));
    expect(new Set(relay.copies().values())).toEqual(new Set([1]));
    expect(relay.copies().size).toBe(5);
  });
});

describe('the ledger of a chunk', () => {
  it('stays under 1 KB with 200 recipients and every kind of reply', async () => {
    const big = {
      ...site,
      mta: { ...site.mta, max_recipients: 100 },
      delivery: { ...site.delivery, chunk_size: 200 },
    };
    site = big;
    const message = one(await dispatch(members(200)));
    let asked = 0;
    relay.says({
      rcpt: () => {
        asked += 1;
        return asked % 4 === 0 ? '250 Ok' : `55${asked % 2} 5.1.${(asked % 20) + 100} No`;
      },
    });
    await run(message);
    const kept = await ledger(message);
    const { counts, replies, ...item } = kept;
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html: names and values in UTF-8.
    const size = Object.entries(item).reduce(
      (sum, [name, value]) => {
        if (value instanceof Uint8Array) return sum + name.length + value.length;
        if (typeof value === 'object') {
          return Object.entries(value).reduce(
            (all, [key, bitmap]) => all + key.length + bitmap.length + 1,
            sum + name.length + 3,
          );
        }
        return sum + name.length + String(value).length;
      },
      'pk'.length + 'sk'.length + `LEDGER#${message.id}#${message.roster}#0`.length + 'LEDGER'.length,
    );
    expect(counts.delivered).toBe(50);
    expect(Object.values(replies).reduce((sum, count) => sum + count, 0)).toBe(150);
    expect(size).toBeLessThan(1024);
  });
});
