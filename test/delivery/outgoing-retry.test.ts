import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../lib/delivery/verdict.ts';
import type { ChunkMessage } from '../../lib/queue/messages.ts';
import { type ChunkWorld, members, one, openChunkWorld } from './chunk-world.ts';
import { everybody, verdicts } from './scripted-transport.ts';

let world: ChunkWorld;
beforeAll(async () => {
  world = await openChunkWorld();
});
afterAll(() => world.close());
beforeEach(() => world.begin({ mta: { max_recipients: 100 } }));

const period = 5 * 86_400;
const later: Verdict = { kind: 'deferred', reply: '451 4.2.1 Later', at: 'rcpt' };
const broken: Verdict = { kind: 'deferred', reply: '451 4.3.0 Disk', at: 'data' };

const shunted = async ({ id }: ChunkMessage) => {
  const found = [];
  for await (const item of world.store.shunt.ls()) {
    if (item.body.includes(id)) found.push(item);
  }
  return found;
};

describe('a chunk of which somebody was put off', () => {
  it('knows when they are due again', async () => {
    await world.begin({ delivery: { retry_delay: 600 } });
    world.transport.says((transaction) => everybody(transaction, later));
    const message = one(await world.dispatch({ recipients: members(1) }));
    expect(await world.ledger(message)).not.toHaveProperty('again_at');
    await world.run(message);
    expect(await world.ledger(message)).toMatchObject({ again_at: world.now.getTime() + 600_000 });
  });
});

describe('a member who has left the list before a retry', () => {
  const join = async (email: string) => {
    await world.store.members.add({
      member_id: `id of ${email}`,
      list_id: 'test.example.com',
      role: 'member',
      email,
      display_name: '',
      subscribed_at: world.now.toISOString(),
    });
    return { email, member: `id of ${email}` };
  };

  it('is skipped and recorded as left; who is still there is served, and so is who never was a member', async () => {
    const recipients = [await join('left@example.org'), await join('Stays@example.org'), 'given@example.org'];
    world.transport.says((transaction) => everybody(transaction, later));
    const message = one(await world.dispatch({ recipients }));
    await world.run(message);
    await world.store.members.remove('test.example.com', 'member', 'left@example.org');
    world.transport.says(() => undefined);
    await world.run(one(await world.chunks('retry')));
    expect(world.transport.copies).toEqual({ 'Stays@example.org': 1, 'given@example.org': 1 });
    expect(await world.ledger(message)).toMatchObject({
      done: true,
      counts: { delivered: 2, ended: 1 },
      replies: { left: 1 },
    });
    expect(await world.receive('bounces')).toEqual([]);
    expect(await world.receive('command')).toEqual([]);
  });

  it('ends the chunk when nobody else waits, without a word to the relay', async () => {
    const recipients = [await join('gone@example.org')];
    world.transport.says((transaction) => everybody(transaction, later));
    const message = one(await world.dispatch({ recipients }));
    await world.run(message);
    await world.store.members.remove('test.example.com', 'member', 'gone@example.org');
    await world.run(one(await world.chunks('retry')));
    expect(world.transport.begun).toHaveLength(1);
    expect(await world.ledger(message)).toMatchObject({ done: true, replies: { left: 1 } });
  });

  it('still gets a notice, which is not about the list', async () => {
    const recipients = [await join('asked@example.org')];
    world.transport.says((transaction) => everybody(transaction, later));
    const message = one(await world.dispatch({ recipients, plan: { voice: 'notice' } }));
    await world.run(message);
    await world.store.members.remove('test.example.com', 'member', 'asked@example.org');
    world.transport.says(() => undefined);
    await world.run(one(await world.chunks('retry')));
    expect(world.transport.copies).toEqual({ 'asked@example.org': 1 });
  });
});

describe('the end of the retry period', () => {
  it('counts from the first attempt, not from when the post was made', async () => {
    world.transport.says((transaction) => everybody(transaction, later));
    const message = one(await world.dispatch({ recipients: members(1) }));
    world.pass(2 * period);
    await world.run(message);
    const again = one(await world.chunks('retry'));
    world.pass(period - 1);
    await world.run(again);
    const last = one(await world.chunks('retry'));
    world.pass(1);
    await world.run(last);
    expect(await world.ledger(message)).toMatchObject({ done: true, replies: { 'expired 451 4.2.1': 1 } });
  });

  it('is a bounce event for those whose last reply was to RCPT; the others go to the shunt; the owners are told', async () => {
    await world.begin({ mta: { max_recipients: 1 } });
    world.transport.says((transaction) =>
      transaction.recipients.includes('m0@example.org')
        ? everybody(transaction, later)
        : everybody(transaction, broken),
    );
    const message = one(await world.dispatch({ recipients: members(3) }));
    await world.run(message);
    const again = one(await world.chunks('retry'));
    world.pass(period);
    await world.run(again);
    expect(await world.ledger(message)).toMatchObject({
      done: true,
      replies: { 'expired 451 4.2.1': 1, 'expired data 451 4.3.0': 2 },
    });
    expect(await world.receive('bounces')).toMatchObject([
      { type: 'refusals', refused: [{ recipient: 'm0@example.org', reply: 'expired 451 4.2.1' }] },
    ]);
    expect(await world.receive('command')).toMatchObject([
      { type: 'trouble', trouble: 'given-up', id: message.id },
    ]);
    const item = one(await shunted(message));
    expect(item.reason).toContain('Delivery to 2 recipients was given up');
    expect(item.reason).toContain('"451 4.3.0" to DATA');
    expect(item.list_id).toBe('test.example.com');
  });

  it('is nobody’s bounce when the relay fell silent at RCPT', async () => {
    world.transport.says((transaction) =>
      everybody(transaction, { kind: 'deferred', reply: '', at: 'rcpt' }),
    );
    const message = one(await world.dispatch({ recipients: members(3) }));
    await world.run(message);
    const again = one(await world.chunks('retry'));
    world.pass(period);
    await world.run(again);
    expect(await world.ledger(message)).toMatchObject({ done: true, counts: { ended: 3 } });
    expect(await world.receive('bounces')).toEqual([]);
    expect(await world.receive('command')).toMatchObject([{ type: 'trouble', trouble: 'given-up' }]);
    expect(one(await shunted(message)).reason).toContain('Delivery to 3 recipients was given up');
  });

  it('makes one shunt item, however often its end is repeated', async () => {
    world.transport.says((transaction) => everybody(transaction, broken));
    const message = one(await world.dispatch({ recipients: members(2) }));
    await world.run(message);
    const again = one(await world.chunks('retry'));
    world.pass(period);
    const dies = {
      ...world.store,
      ledgers: {
        ...world.store.ledgers,
        write: async (...[ledger, given]: Parameters<typeof world.store.ledgers.write>) => {
          if (given.done) throw new Error('dies before the ledger moves on');
          return world.store.ledgers.write(ledger, given);
        },
      },
    };
    await expect(world.run(again, { store: dies })).rejects.toThrow('dies');
    expect(await shunted(message)).toHaveLength(1);
    world.pass(300);
    await world.run({ ...again, parked: 1 });
    expect(await shunted(message)).toHaveLength(1);
    expect(await world.ledger(message)).toMatchObject({ done: true });
  });
});

describe('bounce events', () => {
  it('are of those who were refused in this attempt, and of nobody a second time', async () => {
    world.transport.says((transaction) =>
      verdicts(transaction, {
        'm0@example.org': { kind: 'rejected', reply: '550 5.1.1 No', at: 'rcpt' },
        'm1@example.org': later,
      }),
    );
    const message = one(await world.dispatch({ recipients: members(3) }));
    await world.run(message);
    world.transport.says((transaction) =>
      everybody(transaction, { kind: 'rejected', reply: '550 5.1.1 No', at: 'rcpt' }),
    );
    await world.run(one(await world.chunks('retry')));
    expect(await world.receive('bounces')).toMatchObject([
      { attempt: 0, refused: [{ recipient: 'm0@example.org' }] },
      { attempt: 1, refused: [{ recipient: 'm1@example.org' }] },
    ]);
  });
});

describe('a post that is sent again to those who missed it', () => {
  it('goes to them and to nobody else, in an attempt of its own', async () => {
    world.transport.says((transaction) =>
      verdicts(transaction, { 'm1@example.org': { kind: 'rejected', reply: '550 5.1.1 No', at: 'rcpt' } }),
    );
    const message = one(await world.dispatch({ recipients: members(3) }));
    await world.run(message);
    await world.receive('bounces');
    world.pass(2 * period);
    const reopened = await world.store.ledgers.reopen(await world.ledger(message), {
      now: world.now,
      period,
    });
    if (reopened === undefined) throw new Error('It was not reopened');
    world.transport.says((transaction) => everybody(transaction, later));
    await world.run({ ...message, attempt: reopened.attempt });
    const again = one(await world.chunks('retry'));
    world.transport.says(() => undefined);
    await world.run(again);
    expect(world.transport.copies).toEqual({
      'm0@example.org': 1,
      'm1@example.org': 1,
      'm2@example.org': 1,
    });
    expect(await world.ledger(message)).toMatchObject({ done: true, replies: {} });
  });
});
