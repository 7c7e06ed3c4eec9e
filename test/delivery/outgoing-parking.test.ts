import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChunkWorld, members, one, openChunkWorld } from './chunk-world.ts';

let world: ChunkWorld;
beforeAll(async () => {
  world = await openChunkWorld();
});
afterAll(() => world.close());
// The queue of the emulator is asked at once, so messages are looked at as they are sent, and their delay is not.
beforeEach(() => world.begin({ delivery: { retry_delay: 900 } }));

const refused = { kind: 'refused-us', reply: '535 5.7.8 Wrong password' } as const;
const individual = { personalize: 'individual' as const };
const events = () => world.log.map(({ maillog }) => maillog);

/** Runs a message and gives what was sent in its place, with the delay it was sent with. */
const runDelayed = async (message: Awaited<ReturnType<ChunkWorld['dispatch']>>[number]) => {
  const sent: unknown[] = [];
  await world.run(message, {
    queues: {
      send: async (messages, options) => {
        sent.push(...messages.map((one) => ({ message: one, delay: options?.delaySeconds })));
      },
    },
  });
  return sent;
};

describe('a refusal of us', () => {
  it('parks delivery: the chunk waits, and neither attempt nor time nor anybody is touched', async () => {
    world.transport.says(() => refused);
    const message = one(await world.dispatch({ recipients: members(6), plan: individual }));
    expect(await runDelayed(message)).toEqual([{ message: { ...message, parked: 900 }, delay: 900 }]);
    expect(await world.store.parking.read()).toMatchObject({
      reason: '535 5.7.8 Wrong password',
      since: world.now.getTime(),
      until: world.now.getTime() + 900_000,
    });
    expect(await world.ledger(message)).toMatchObject({
      attempt: 0,
      lease_end: 0,
      again_at: world.now.getTime() + 900_000,
      counts: { open: 6 },
      replies: {},
    });
    expect(world.log).toMatchObject([{ maillog: 'parked', seconds: 0 }]);
  });

  it('keeps the verdicts of the connections that got through', async () => {
    world.transport.says((_, number) => (number === 4 ? refused : undefined));
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    await runDelayed(message);
    const { counts } = await world.ledger(message);
    expect(counts.delivered).toBe(world.transport.taken.length);
    expect(counts.open).toBe(20 - world.transport.taken.length);
  });

  it('lets other chunks wait without asking the relay, and without claiming their ledgers', async () => {
    const [first, second] = [
      one(await world.dispatch({ recipients: members(2) })),
      one(await world.dispatch({ recipients: members(2) })),
    ];
    world.transport.says(() => refused);
    await runDelayed(first);
    world.pass(300);
    expect(await runDelayed(second)).toEqual([{ message: { ...second, parked: 600 }, delay: 600 }]);
    expect(world.transport.begun).toHaveLength(1);
    expect(await world.ledger(second)).toMatchObject({ epoch: 0 });
  });
});

describe('a relay that denies relaying to each recipient in turn', () => {
  const text = '554 5.7.1 Relay access denied';
  /** What the SMTP transport makes of one such denial, and of several. */
  const denial = (inWords: boolean) =>
    ({
      kind: 'verdicts',
      verdicts: [{ kind: 'rejected', reply: text, at: 'rcpt' }],
      unasked: true,
      perhapsUs: { reply: text, inWords },
    }) as const;

  it('has refused nobody when it turns out that it is us whom it refuses', async () => {
    world.transport.says((_, number) => {
      if (number === 1) return undefined;
      return number < 4 ? denial(false) : refused;
    });
    const message = one(await world.dispatch({ recipients: members(8), plan: individual }));
    expect(await runDelayed(message)).toEqual([{ message: { ...message, parked: 900 }, delay: 900 }]);
    expect(await world.ledger(message)).toMatchObject({
      attempt: 0,
      counts: { delivered: 1, ended: 0, deferred: 2, open: 5 },
      replies: { 'deferred 554 5.7.1': 2 },
    });
    world.pass(901);
    world.transport.says(() => undefined);
    await world.run({ ...message, parked: 900 });
    expect(await world.ledger(message)).toMatchObject({ done: true, counts: { delivered: 8 } });
    expect(world.transport.copies).toEqual(Object.fromEntries(members(8).map((member) => [member, 1])));
    expect(await world.receive('bounces')).toEqual([]);
  });

  it('does not keep those from the post who are not tried: they come first the next time', async () => {
    await world.begin({ delivery: { retry_delay: 900, connections: 1 } });
    const abroad = ['m0@example.org', 'm1@example.org', 'm2@example.org'];
    let denied = 0;
    world.transport.says(({ recipients }) => {
      if (!abroad.some((one) => recipients.includes(one))) return undefined;
      denied += 1;
      return denied < 3 ? denial(true) : refused;
    });
    const message = one(await world.dispatch({ recipients: members(5), plan: individual }));
    await runDelayed(message);
    world.pass(901);
    denied = 0;
    await runDelayed({ ...message, parked: 900 });
    expect(Object.keys(world.transport.copies)).toEqual(['m3@example.org', 'm4@example.org']);
  });

  it('has refused those before the last one whom it took', async () => {
    await world.begin({ delivery: { retry_delay: 900, connections: 1 } });
    world.transport.says((_, number) => [denial(true), undefined, refused][number - 1]);
    const message = one(await world.dispatch({ recipients: members(3), plan: individual }));
    await runDelayed(message);
    expect(await world.ledger(message)).toMatchObject({
      counts: { delivered: 1, ended: 1, open: 1 },
      replies: { 'rejected 554 5.7.1': 1 },
    });
  });

  it('refuses nobody where two alone wait while delivery is parked', async () => {
    const message = one(await world.dispatch({ recipients: members(2), plan: individual }));
    await world.store.parking.park({ reason: 'x', now: world.now, until: world.now });
    world.transport.says(() => denial(true));
    await runDelayed(message);
    expect(await world.ledger(message)).toMatchObject({ done: false, counts: { ended: 0 } });
    expect(world.transport.begun).toHaveLength(2);
  });

  it('is not asked for one who alone waits, at the cost of that one, while delivery is parked', async () => {
    const message = one(await world.dispatch({ recipients: members(1) }));
    await world.store.parking.park({ reason: 'x', now: world.now, until: world.now });
    world.transport.says(() => denial(true));
    expect(await runDelayed(message)).toEqual([{ message: { ...message, parked: 900 }, delay: 900 }]);
    expect(await world.ledger(message)).toMatchObject({ done: false, counts: { open: 1 } });
    expect(await world.store.parking.read()).toMatchObject({ reason: text });
    world.pass(901);
    // Other words may well be those of a domain that blocks us: that one must not hold up everybody.
    world.transport.says(() => denial(false));
    await runDelayed(message);
    expect(await world.ledger(message)).toMatchObject({ done: true, counts: { ended: 1 } });
  });

  it('is one that takes mail from us, where it denies it to somebody after it took a mail for another', async () => {
    const message = one(await world.dispatch({ recipients: members(2), plan: individual }));
    await world.store.parking.park({ reason: 'x', now: world.now, until: world.now });
    world.transport.says((_, number) => (number === 1 ? undefined : denial(true)));
    await runDelayed(message);
    expect(await world.ledger(message)).toMatchObject({ done: true, counts: { delivered: 1, ended: 1 } });
    expect(await world.store.parking.read()).toBeUndefined();
  });
});

describe('the end of parking', () => {
  it('is found out by one chunk on one connection, and then the others go on', async () => {
    world.transport.says(() => refused);
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    const other = one(await world.dispatch({ recipients: members(2), plan: individual }));
    await runDelayed(message);
    world.pass(901);
    let asked = false;
    world.transport.mostOpen = 0;
    world.transport.says(async () => {
      // While the first transaction of the probe is open, another chunk still waits.
      if (!asked) {
        asked = true;
        expect(await runDelayed(other)).toMatchObject([{ delay: 210 }]);
      }
      return undefined;
    });
    await world.run({ ...message, parked: 900 });
    expect(await world.store.parking.read()).toBeUndefined();
    expect(events()).toEqual(['parked', 'resumed', 'attempted']);
    expect(world.log[1]).toMatchObject({ reason: '535 5.7.8 Wrong password', seconds: 901 });
    expect(await world.ledger(message)).toMatchObject({ done: true, counts: { delivered: 20 } });
    expect(world.transport.mostOpen).toBe(1);
    await world.run(other);
    expect(await world.ledger(other)).toMatchObject({ done: true });
  });

  it('is put off by a probe that is refused, and the time since the beginning is told', async () => {
    world.transport.says(() => refused);
    const message = one(await world.dispatch({ recipients: members(2) }));
    await runDelayed(message);
    const since = world.now.getTime();
    world.pass(11 * 86_400);
    expect(await runDelayed({ ...message, parked: 900 })).toMatchObject([{ message: { parked: 1800 } }]);
    expect(await world.store.parking.read()).toMatchObject({ since, until: world.now.getTime() + 900_000 });
    expect(world.log[1]).toMatchObject({ maillog: 'parked', seconds: 11 * 86_400 });
  });

  it('is not held up by a probe whose chunk was served long ago', async () => {
    const served = one(await world.dispatch({ recipients: members(2) }));
    await world.run(served);
    const message = one(await world.dispatch({ recipients: members(2) }));
    await world.store.parking.park({ reason: 'x', now: world.now, until: world.now });
    await world.run(served);
    await world.run(message);
    expect(await world.store.parking.read()).toBeUndefined();
    expect(await world.ledger(message)).toMatchObject({ done: true });
  });

  it('is not taken from silence', async () => {
    await world.store.parking.park({ reason: 'x', now: world.now, until: world.now });
    world.transport.says(({ recipients }) => ({
      kind: 'verdicts',
      verdicts: recipients.map(() => ({ kind: 'deferred', reply: 'Connection lost', at: 'data' })),
    }));
    await runDelayed(one(await world.dispatch({ recipients: members(2) })));
    expect(await world.store.parking.read()).toMatchObject({ reason: 'x' });
  });

  it('is not taken from a mail that the other side was never asked about', async () => {
    await world.store.parking.park({ reason: 'x', now: world.now, until: world.now });
    world.transport.says(() => ({ kind: 'refused-post', reply: '552 5.3.4 Too large', unasked: true }));
    await runDelayed(one(await world.dispatch({ recipients: members(2) })));
    expect(await world.store.parking.read()).toMatchObject({ reason: 'x' });
  });

  it('can be ordered by hand', async () => {
    world.transport.says(() => refused);
    const message = one(await world.dispatch({ recipients: members(2) }));
    await runDelayed(message);
    expect(await world.store.parking.resume()).toMatchObject({ reason: refused.reply });
    world.transport.says(() => undefined);
    await world.run({ ...message, parked: 900 });
    expect(await world.ledger(message)).toMatchObject({ done: true });
  });
});

it('parked time does not count against the retry period', async () => {
  const later = (seconds: number) => {
    world.pass(seconds);
    world.transport.says(({ recipients }) => ({
      kind: 'verdicts',
      verdicts: recipients.map(() => ({ kind: 'deferred', reply: '451 4.2.1 Later', at: 'rcpt' })),
    }));
  };
  const message = one(await world.dispatch({ recipients: members(2) }));
  later(0);
  await runDelayed(message);
  const parked = 8 * 86_400;
  later(4 * 86_400 + parked);
  expect(await runDelayed({ ...message, queue: 'retry', attempt: 1, parked })).toMatchObject([
    { message: { attempt: 2, parked } },
  ]);
  later(2 * 86_400);
  expect(await runDelayed({ ...message, queue: 'retry', attempt: 2, parked })).toMatchObject([
    { message: { type: 'refusals' } },
    { message: { type: 'trouble' } },
  ]);
});
