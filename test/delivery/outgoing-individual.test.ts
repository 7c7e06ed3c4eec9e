import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChunkWorld, members, one, openChunkWorld } from './chunk-world.ts';
import { everybody } from './scripted-transport.ts';

let world: ChunkWorld;
beforeAll(async () => {
  world = await openChunkWorld();
});
afterAll(() => world.close());
beforeEach(() => world.begin());

const three = ['aperson@example.com', 'bperson@example.com', 'cperson@example.com'];

/** Sender and recipients of each transaction, in the order of the recipients. */
const envelopes = () =>
  world.transport.begun.map(({ sender, recipients }) => `${sender} > ${recipients.join(' ')}`).toSorted();

const copyFor = (recipient: string): string => {
  const found = world.transport.begun.find(({ recipients }) => recipients.includes(recipient));
  return found?.message.toString() ?? '';
};

describe('a post in bulk', () => {
  it('goes in one transaction, everyone the same copy, byte for byte as it was made', async () => {
    await world.begin({ mta: { max_recipients: 100 } });
    const post = 'X-Spaces:   kept \r\nTo: a@example.com,\r\n\tb@example.com\r\n\r\nbody\r\n';
    const message = one(await world.dispatch({ recipients: three, post }));
    await world.run(message);
    expect(envelopes()).toEqual([`test-bounces@example.com > ${three.join(' ')}`]);
    expect(copyFor(three[0] ?? '')).toBe(post);
  });

  it('is one connection, however many there may be', async () => {
    await world.run(one(await world.dispatch({ recipients: members(20) })));
    expect(world.transport.mostOpen).toBe(1);
    expect(world.transport.begun).toHaveLength(10);
  });

  it('takes no more recipients at once than the transport does', async () => {
    await world.begin({ mta: { max_recipients: 100 } }, { recipients: 3 });
    await world.run(one(await world.dispatch({ recipients: members(7) })));
    expect(world.transport.begun.map(({ recipients }) => recipients.length)).toEqual([3, 3, 1]);
  });

  it('carries no mark of a duplicate, also when its author wrote one', async () => {
    const post = 'To: test@example.com\r\nX-Mailman-Copy: yes\r\n\r\nbody\r\n';
    const recipients = [{ email: 'a@example.com', duplicate: true as const }, 'b@example.com'];
    await world.run(one(await world.dispatch({ recipients, post })));
    expect(copyFor('a@example.com')).toBe('To: test@example.com\r\n\r\nbody\r\n');
  });
});

describe('individual delivery', () => {
  const personalized = { personalize: 'individual' as const };

  it('is a transaction for each, with the plain sender', async () => {
    await world.run(one(await world.dispatch({ recipients: three, plan: personalized })));
    expect(envelopes()).toEqual(three.map((email) => `test-bounces@example.com > ${email}`));
  });

  it('has a sender for each with VERP', async () => {
    await world.run(one(await world.dispatch({ recipients: three, plan: { verp: true } })));
    expect(envelopes()).toEqual([
      'test-bounces+aperson=example.com@example.com > aperson@example.com',
      'test-bounces+bperson=example.com@example.com > bperson@example.com',
      'test-bounces+cperson=example.com@example.com > cperson@example.com',
    ]);
  });

  it('keeps the plain sender where the transport has one of its own', async () => {
    await world.begin({}, { ownSender: false });
    await world.run(one(await world.dispatch({ recipients: three, plan: { verp: true } })));
    expect(envelopes()).toEqual(three.map((email) => `test-bounces@example.com > ${email}`));
  });

  it('is chosen for a transport that takes one recipient at a time', async () => {
    await world.begin({ mta: { max_recipients: 100 } }, { recipients: 1 });
    await world.run(one(await world.dispatch({ recipients: three })));
    expect(envelopes()).toHaveLength(3);
    expect(await world.ledger(one(await world.dispatch({ recipients: three })))).toMatchObject({
      done: false,
    });
  });

  it('is on as many connections as the site and the transport allow', async () => {
    await world.run(one(await world.dispatch({ recipients: members(20), plan: personalized })));
    expect(world.transport.mostOpen).toBe(5);
    await world.begin({}, { connections: 3 });
    await world.run(one(await world.dispatch({ recipients: members(20), plan: personalized })));
    expect(world.transport.mostOpen).toBe(3);
    expect(Object.values(world.transport.copies)).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('marks the copy of whoever has the post already, and no other', async () => {
    const post = 'To: b@example.com\r\nx-mailman-copy: no\r\nSubject: hi\r\n\r\nbody\r\n';
    const recipients = ['a@example.com', { email: 'b@example.com', duplicate: true as const }];
    await world.run(one(await world.dispatch({ recipients, post, plan: personalized })));
    expect(copyFor('a@example.com')).toBe('To: b@example.com\r\nSubject: hi\r\n\r\nbody\r\n');
    expect(copyFor('b@example.com')).toBe(
      'To: b@example.com\r\nSubject: hi\r\nX-Mailman-Copy: yes\r\n\r\nbody\r\n',
    );
  });

  it('addresses each copy to its recipient when it is full, with the name when it is known', async () => {
    const recipients = [
      { email: 'anne@example.com', name: 'Anne Person' },
      { email: 'zoe@example.com', name: 'Zoë, née Çelik' },
      'bart@example.com',
    ];
    await world.run(one(await world.dispatch({ recipients, plan: { personalize: 'full' } })));
    expect(copyFor('bart@example.com')).toBe('Subject: hello\r\nTo: bart@example.com\r\n\r\nbody\r\n');
    expect(copyFor('anne@example.com')).toContain('\r\nTo: Anne Person <anne@example.com>\r\n');
    expect(copyFor('anne@example.com')).not.toContain('test@example.com');
    expect(copyFor('zoe@example.com')).toContain('\r\nTo: =?utf-8?');
    expect(copyFor('zoe@example.com')).toContain(' <zoe@example.com>\r\n');
  });

  it('tells the transport whose copy it is', async () => {
    const recipients = [{ email: 'anne@example.com', member: 'member 1' }];
    const message = one(await world.dispatch({ recipients, plan: personalized }));
    await world.run(message);
    expect(world.transport.begun[0]?.labels).toEqual({
      post: message.id,
      list: 'test.example.com',
      member: 'member 1',
    });
  });
});

describe('development mode', () => {
  const devmode = { enabled: true, recipient: 'zperson@example.com' };

  it('sends everything to one address, as often as there are recipients, in one transaction', async () => {
    await world.begin({ devmode, mta: { max_recipients: 100 } });
    const message = one(await world.dispatch({ recipients: three.slice(0, 2) }));
    await world.run(message);
    expect(envelopes()).toEqual(['test-bounces@example.com > zperson@example.com zperson@example.com']);
    expect(await world.ledger(message)).toMatchObject({ done: true, counts: { delivered: 2 } });
  });

  it('is nobody’s bounce: nobody was asked about the members', async () => {
    await world.begin({ devmode });
    world.transport.says((transaction) =>
      everybody(transaction, { kind: 'rejected', reply: '550 5.1.1 Unknown', at: 'rcpt' }),
    );
    const message = one(await world.dispatch({ recipients: three }));
    await world.run(message);
    expect(await world.ledger(message)).toMatchObject({ done: true, replies: { 'rejected 550 5.1.1': 3 } });
    expect(await world.receive('bounces')).toEqual([]);
  });

  it('leaves senders and headers of individual delivery as they would be', async () => {
    await world.begin({ devmode });
    const plan = { verp: true, personalize: 'full' as const };
    await world.run(one(await world.dispatch({ recipients: three.slice(0, 1), plan })));
    expect(envelopes()).toEqual(['test-bounces+aperson=example.com@example.com > zperson@example.com']);
    expect(copyFor('zperson@example.com')).toContain('To: aperson@example.com\r\n');
  });
});
