import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../lib/store/store.ts';
import { type ChunkWorld, members, one, openChunkWorld } from './chunk-world.ts';
import { everybody } from './scripted-transport.ts';

let world: ChunkWorld;
beforeAll(async () => {
  world = await openChunkWorld();
});
afterAll(() => world.close());
beforeEach(() => world.begin());

const individual = { personalize: 'individual' as const };
const attempted = () => world.log.filter(({ maillog }) => maillog === 'attempted');

/** The store, with an ear at each write to a ledger. */
const listening = (heard: () => void): Store => ({
  ...world.store,
  ledgers: {
    ...world.store.ledgers,
    write: (ledger, given) => {
      heard();
      return world.store.ledgers.write(ledger, given);
    },
  },
});

describe('verdicts', () => {
  it('that wait together go in one write', async () => {
    let writes = 0;
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    await world.run(message, { store: listening(() => (writes += 1)) });
    expect(await world.ledger(message)).toMatchObject({ done: true, counts: { delivered: 20 } });
    // Five at a time: the first alone, those that come meanwhile together; never one for each of 20.
    expect(writes).toBeLessThan(15);
  });

  it('of a transaction are durable before its connection goes on', async () => {
    const durable: number[] = [];
    await world.begin({ delivery: { connections: 1 } });
    const message = one(await world.dispatch({ recipients: members(4), plan: individual }));
    world.transport.says(async () => {
      durable.push((await world.ledger(message)).counts.delivered);
      return undefined;
    });
    await world.run(message);
    expect(durable).toEqual([0, 1, 2, 3]);
  });

  it('of who is no longer the holder stop all connections, each at the end of its transaction', async () => {
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    let stolen = false;
    world.transport.says(async (_, number) => {
      if (number === 3 && !stolen) {
        stolen = true;
        await world.store.ledgers.claim({
          ...message,
          owner: 'thief',
          now: new Date(world.now.getTime() + 1e6),
          leaseEnd: new Date(world.now.getTime() + 2e6),
          period: 60,
        });
      }
      return undefined;
    });
    // The message stays on its queue: the thief may die as well.
    await expect(world.run(message)).rejects.toThrow('Chunk 0 has another holder by now');
    expect(world.transport.begun.length).toBeLessThanOrEqual(10);
    expect(world.transport.taken).toHaveLength(world.transport.begun.length);
    expect(attempted()).toEqual([]);
    expect((await world.ledger(message)).owner).toBe('thief');
  });

  it('that cannot be written for a fault of the store stop all connections, and the fault is told', async () => {
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    const store = listening(() => {
      throw new Error('DynamoDB is away');
    });
    await expect(world.run(message, { store })).rejects.toThrow('DynamoDB is away');
    expect(world.transport.begun).toHaveLength(5);
    expect((await world.ledger(message)).counts).toMatchObject({ open: 20 });
    // When the lease has run out, those who were on the wire may get a second copy, and no one else does.
    world.pass(300);
    await world.run(message);
    expect(await world.ledger(message)).toMatchObject({ done: true, possibly_doubled: 5 });
    expect(Object.values(world.transport.copies).filter((copies) => copies > 1)).toHaveLength(5);
  });
});

describe('a transport that cannot begin now', () => {
  const notNow = { kind: 'not-now', reply: 'throttled', afterMs: 1 } as const;

  it('is asked again within the attempt, by fewer at once, and it is nobody’s deferral', async () => {
    let refused = 0;
    world.transport.says((_, number) => (number % 2 === 0 && refused++ < 6 ? notNow : undefined));
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    await world.run(message);
    expect(await world.ledger(message)).toMatchObject({
      done: true,
      attempt: 0,
      counts: { delivered: 20 },
      possibly_doubled: 0,
    });
    expect(Object.values(world.transport.copies)).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('gets the chunk back later when there is not time enough to wait', async () => {
    world.transport.says((_, number) => (number > 3 ? { ...notNow, afterMs: 200_000 } : undefined));
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    await world.run(message);
    expect(await world.ledger(message)).toMatchObject({
      attempt: 0,
      lease_end: 0,
      counts: { delivered: 3, open: 17 },
      replies: {},
    });
    expect(world.transport.begun.length).toBeLessThan(10);
  });
});

describe('a relay that takes its time', () => {
  it('is given no mail that it could not take before the function ends', async () => {
    const ended: number[] = [];
    const began = world.now.getTime();
    world.transport.says(() => {
      world.pass(50);
      ended.push((world.now.getTime() - began) / 1000);
      return undefined;
    });
    const message = one(await world.dispatch({ recipients: members(8) }));
    await world.run(message, { seconds: 180 });
    expect(ended).toEqual([50, 100, 150]);
    // When the function would be ended by force, the verdicts on each have been written for some seconds.
    for (const { endBefore } of world.transport.begun) {
      expect(endBefore?.getTime()).toBeLessThan(began + 175_000);
    }
    expect(await world.ledger(message)).toMatchObject({
      attempt: 0,
      lease_end: 0,
      counts: { delivered: 6, open: 2 },
    });
    expect(await world.chunks('out')).toEqual([message]);
  });
});

describe('a relay that puts us off at MAIL', () => {
  const busy = { kind: 'deferred', reply: '451 4.3.2 Busy', at: 'mail' } as const;

  it('gets half as many connections, and goes on', async () => {
    let open = 0;
    let mostAfter = 0;
    world.transport.says(async (transaction, number) => {
      if (number === 1) return everybody(transaction, busy);
      open += 1;
      // As long as a write takes, so that connections meet here.
      await world.store.ledgers.get('', '', 0);
      await world.store.ledgers.get('', '', 0);
      if (number > 10) mostAfter = Math.max(mostAfter, open);
      open -= 1;
      return undefined;
    });
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    await world.run(message);
    expect(await world.ledger(message)).toMatchObject({
      attempt: 1,
      counts: { delivered: 19, deferred: 1 },
      replies: { 'deferred mail 451 4.3.2': 1 },
    });
    expect(mostAfter).toBe(2);
  });

  it('a second time in a row is not asked again in this attempt', async () => {
    world.transport.says((transaction) => everybody(transaction, busy));
    const message = one(await world.dispatch({ recipients: members(20), plan: individual }));
    await world.run(message);
    expect(world.transport.begun.length).toBeLessThanOrEqual(8);
    expect(await world.ledger(message)).toMatchObject({
      attempt: 1,
      replies: { 'deferred mail 451 4.3.2': 20 },
    });
    expect(await world.chunks('retry')).toHaveLength(1);
  });

  it('is asked on after it has served somebody in between', async () => {
    await world.begin({ delivery: { connections: 1 } });
    world.transport.says((transaction, number) =>
      number % 2 === 1 ? everybody(transaction, busy) : undefined,
    );
    const message = one(await world.dispatch({ recipients: members(6), plan: individual }));
    await world.run(message);
    expect((await world.ledger(message)).counts).toMatchObject({ delivered: 3, deferred: 3 });
  });
});

describe('a refusal of the post', () => {
  const refusal = (reply: string) => ({ kind: 'refused-post', reply }) as const;

  it('twice in succession ends it for everybody, is nobody’s bounce, and the owners are told', async () => {
    world.transport.says(() => refusal('554 5.6.0 Bad content'));
    const message = one(await world.dispatch({ recipients: members(10) }));
    await world.run(message);
    expect(world.transport.begun).toHaveLength(2);
    expect(await world.ledger(message)).toMatchObject({
      done: true,
      counts: { ended: 10 },
      replies: { 'refused 554 5.6.0': 10 },
    });
    expect(await world.receive('bounces')).toEqual([]);
    expect(await world.receive('command')).toEqual([
      {
        v: 1,
        type: 'trouble',
        queue: 'command',
        id: message.id,
        listid: 'test.example.com',
        trouble: 'refused-post',
        reply: '554 5.6.0',
        at: '2026-11-20T12:00:00.000Z',
      },
    ]);
  });

  it('by some of many is one for those alone', async () => {
    world.transport.says((_, number) => (number === 2 ? refusal('554 5.6.0 No') : undefined));
    const message = one(await world.dispatch({ recipients: members(10) }));
    await world.run(message);
    expect((await world.ledger(message)).counts).toMatchObject({ delivered: 8, ended: 2 });
  });

  it('that speaks of an address is tried one by one, and then is about that recipient', async () => {
    world.transport.says((transaction) =>
      transaction.recipients.includes('m1@example.org') ? refusal('550 5.1.1 Unknown user') : undefined,
    );
    const message = one(await world.dispatch({ recipients: members(4) }));
    await world.run(message);
    expect(world.transport.begun.map(({ recipients }) => recipients.length)).toEqual([2, 1, 1, 1, 1]);
    expect(await world.ledger(message)).toMatchObject({
      counts: { delivered: 3, ended: 1 },
      replies: { 'rejected 550 5.1.1': 1 },
    });
    expect(await world.receive('bounces')).toMatchObject([{ refused: [{ recipient: 'm1@example.org' }] }]);
    expect(await world.receive('command')).toEqual([]);
  });

  it.each(['550 5.1.8 Bad sender', '550 5.1.7 Bad sender', '552 5.2.3 Too long'])(
    'as %s is not about a recipient',
    async (reply) => {
      world.transport.says(() => refusal(reply));
      await world.run(one(await world.dispatch({ recipients: members(4) })));
      expect(await world.receive('bounces')).toEqual([]);
      expect(await world.receive('command')).toHaveLength(1);
    },
  );
});

describe('silence', () => {
  it('defers the rest untried, and keeps what somebody was told before', async () => {
    await world.begin({ delivery: { connections: 1 } });
    const message = one(await world.dispatch({ recipients: members(4), plan: individual }));
    world.transport.says((transaction) =>
      everybody(transaction, { kind: 'deferred', reply: '451 4.2.1 Later', at: 'rcpt' }),
    );
    await world.run(message);
    world.transport.says((transaction) =>
      everybody(transaction, { kind: 'deferred', reply: 'Connection closed', at: 'data' }),
    );
    await world.run(one(await world.chunks('retry')));
    expect(world.transport.begun).toHaveLength(5);
    expect(await world.ledger(message)).toMatchObject({
      attempt: 2,
      replies: { 'deferred 451 4.2.1': 3, 'deferred data no reply': 1 },
    });
  });
});
