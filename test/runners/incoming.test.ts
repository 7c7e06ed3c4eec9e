import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { openWorld, type World } from './world.ts';

const mail = Buffer.from('From: anne@example.org\r\nSubject: hello\r\n\r\nbody\r\n');
const senderless = Buffer.from('Subject: hello\r\n\r\nbody\r\n');

describe('mail from the queue `in`', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  beforeEach(async () => {
    await world.receive('pipeline');
    world.lines.length = 0;
  });
  afterAll(() => world.close());

  it('that is accepted goes on to the pipeline, and its record says why', async () => {
    const list = await world.list();
    const message = await world.arrive(list, mail);
    await world.incoming(message);
    expect(await world.receive('pipeline')).toEqual([world.asPost(message)]);
    expect(await world.recordOf(message.id)).toMatchObject({
      list_id: list.list_id,
      message_id: message.messageId,
      blob: message.blob,
      disposition: 'accepted',
      chain: 'accept',
      pipeline: 'default-posting-pipeline',
      rule_hits: [],
      rule_misses: ['no-senders', 'loop', 'max-size', 'no-subject'],
      envelope: message.envelope,
    });
    expect(world.lines.join('')).toContain('"disposition":"accepted"');
  });

  it('that is discarded goes nowhere, and its record says why', async () => {
    const message = await world.arrive(await world.list(), senderless, { sender: '' });
    await world.incoming(message);
    expect(await world.receive('pipeline')).toEqual([]);
    const record = await world.recordOf(message.id);
    expect(record).toMatchObject({ disposition: 'discarded', chain: 'discard', rule_hits: ['no-senders'] });
    expect(record.reason).toMatch(/sender/);
    expect(record.pipeline).toBeUndefined();
    expect(world.lines.join('')).toContain('"disposition":"discarded"');
  });

  it('for the owners goes their way, though a post like it would be discarded', async () => {
    const message = await world.arrive(await world.list(), senderless, { sender: '', owner: true });
    await world.incoming(message);
    expect(await world.receive('pipeline')).toEqual([world.asPost(message)]);
    const record = await world.recordOf(message.id);
    expect(record).toMatchObject({ disposition: 'accepted', pipeline: 'default-owner-pipeline' });
    expect(record.metadata.envsender).toBe('postmaster@example.com');
  });

  it('without an informative envelope sender gets the no-reply address of its domain', async () => {
    const message = await world.arrive(await world.list(), mail);
    await world.incoming(message);
    expect((await world.recordOf(message.id)).metadata).toMatchObject({
      ...message.metadata,
      envsender: 'noreply@example.com',
    });
  });

  it('goes through the chain that the list names', async () => {
    const message = await world.arrive(await world.list({ posting_chain: 'discard' }), mail);
    await world.incoming(message);
    expect(await world.recordOf(message.id)).toMatchObject({ disposition: 'discarded', rule_misses: [] });
  });

  it('that comes twice is decided once, and what follows is done again', async () => {
    const list = await world.list();
    const message = await world.arrive(list, mail);
    await world.incoming(message);
    await world.store.lists.set(list.list_id, { posting_chain: 'discard', posting_pipeline: 'virgin' });
    const first = await world.recordOf(message.id);
    await world.incoming(message);
    expect(await world.recordOf(message.id)).toEqual(first);
    expect(await world.receive('pipeline')).toEqual([world.asPost(message), world.asPost(message)]);
  });

  it('whose step died before the queue had it is sent on when it comes again', async () => {
    const message = await world.arrive(await world.list(), mail);
    const queues = { send: () => Promise.reject(new Error('SQS is away')) };
    await expect(runIncoming(message, { ...world.ports, queues })).rejects.toThrow('SQS is away');
    expect(await world.receive('pipeline')).toEqual([]);
    await world.incoming(message);
    expect(await world.receive('pipeline')).toEqual([world.asPost(message)]);
  });

  it('that was discarded stays discarded when the list would let it through by now', async () => {
    const list = await world.list({ posting_chain: 'discard' });
    const message = await world.arrive(list, mail);
    await world.incoming(message);
    await world.store.lists.set(list.list_id, { posting_chain: 'accept' });
    await world.incoming(message);
    expect((await world.recordOf(message.id)).disposition).toBe('discarded');
    expect(await world.receive('pipeline')).toEqual([]);
  });

  it('is for the shunt when its list, its bytes or its chain are gone', async () => {
    const list = await world.list();
    const message = await world.arrive(list, mail);
    await expect(world.incoming({ ...message, blob: 'transit/mail/none' })).rejects.toThrow(ShuntError);
    await expect(world.incoming({ ...message, listid: 'none.example.com' })).rejects.toThrow(ShuntError);
    await world.store.lists.set(list.list_id, { posting_chain: 'hold' });
    await expect(world.incoming(message)).rejects.toThrow(ShuntError);
    expect(await world.store.mails.get(message.id)).toBeUndefined();
  });
});
