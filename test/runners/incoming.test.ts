import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { heldKey } from '../../lib/blobs/keys.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { openWorld, type World } from './world.ts';

/** A post to a list, by anne. */
const postTo = ({ list_name, mail_host }: MailingList, headers = ''): Buffer =>
  Buffer.from(
    `From: anne@example.org\r\nTo: ${list_name}@${mail_host}\r\nSubject: hello\r\n${headers}\r\nbody\r\n`,
  );
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

  /** The ids of the mails of a list that wait for a moderator. */
  const waiting = async ({ list_id }: MailingList): Promise<readonly string[]> => {
    const ids: string[] = [];
    for await (const { mail_id } of world.store.held.ls(list_id)) ids.push(mail_id);
    return ids;
  };

  it('that is accepted goes on to the pipeline, and its record says why', async () => {
    const list = await world.listOf('anne@example.org');
    const message = await world.arrive(list, postTo(list));
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
      rule_misses: [
        'dmarc-mitigation',
        'no-senders',
        'approved',
        'emergency',
        'loop',
        'banned-address',
        'member-moderation',
        'nonmember-moderation',
        'administrivia',
        'implicit-dest',
        'max-recipients',
        'max-size',
        'news-moderation',
        'no-subject',
        'digests',
        'suspicious-header',
      ],
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
    const list = await world.listOf('anne@example.org');
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    expect((await world.recordOf(message.id)).metadata).toMatchObject({
      ...message.metadata,
      envsender: 'noreply@example.com',
    });
  });

  it('goes through the chain that the list names', async () => {
    const list = await world.list({ posting_chain: 'discard' });
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    expect(await world.recordOf(message.id)).toMatchObject({ disposition: 'discarded', rule_misses: [] });
  });

  it('that comes twice is decided once, and what follows is done again', async () => {
    const list = await world.listOf('anne@example.org');
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    await world.store.lists.set(list.list_id, { posting_chain: 'discard', posting_pipeline: 'virgin' });
    const first = await world.recordOf(message.id);
    await world.incoming(message);
    expect(await world.recordOf(message.id)).toEqual(first);
    expect(await world.receive('pipeline')).toEqual([world.asPost(message), world.asPost(message)]);
  });

  it('whose step died before the queue had it is sent on when it comes again', async () => {
    const list = await world.listOf('anne@example.org');
    const message = await world.arrive(list, postTo(list));
    const queues = { send: () => Promise.reject(new Error('SQS is away')) };
    await expect(runIncoming(message, { ...world.ports, queues })).rejects.toThrow('SQS is away');
    expect(await world.receive('pipeline')).toEqual([]);
    await world.incoming(message);
    expect(await world.receive('pipeline')).toEqual([world.asPost(message)]);
  });

  it('that was discarded stays discarded when the list would let it through by now', async () => {
    const list = await world.list({ posting_chain: 'discard' });
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    await world.store.lists.set(list.list_id, { posting_chain: 'accept' });
    await world.incoming(message);
    expect((await world.recordOf(message.id)).disposition).toBe('discarded');
    expect(await world.receive('pipeline')).toEqual([]);
  });

  it('is for the shunt when its list or its bytes are gone', async () => {
    const list = await world.list();
    const message = await world.arrive(list, postTo(list));
    await expect(world.incoming({ ...message, blob: 'transit/mail/none' })).rejects.toThrow(ShuntError);
    await expect(world.incoming({ ...message, listid: 'none.example.com' })).rejects.toThrow(ShuntError);
    expect(await world.store.mails.get(message.id)).toBeUndefined();
  });

  it('of a stranger to a memberless list passes the chain built-in, with Mailman’s ten names', async () => {
    const list = await world.list({ posting_chain: 'built-in' });
    const message = await world.arrive(list, postTo(list), { sender: 'stranger@example.net' });
    await world.incoming(message);
    // Without anybody to send it to no post is made.
    await world.member(list, 'bart@example.org');
    await world.pipeline(message);
    const record = await world.recordOf(message.id);
    expect(record).toMatchObject({ disposition: 'accepted', metadata: { envsender: 'noreply@example.com' } });
    expect((await world.postOf(message.id)).toString()).toContain(
      [
        'X-Mailman-Rule-Misses: approved; emergency; loop; administrivia;',
        ' implicit-dest; max-recipients; max-size; news-moderation; no-subject;',
        ' suspicious-header',
        '',
      ].join('\r\n'),
    );
  });

  it('of a stranger is held: its bytes are kept, it is found by number and token, and the stranger is known', async () => {
    const list = await world.list();
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    const record = await world.recordOf(message.id);
    expect(record).toMatchObject({
      disposition: 'held',
      chain: 'hold',
      rule_hits: ['nonmember-moderation'],
      blob: heldKey(message.id),
      pipeline: 'default-posting-pipeline',
      hold: { request_id: 1, token: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
    expect(await world.blobs.get(heldKey(message.id))).toEqual(postTo(list));
    const held = await world.store.held.byToken(record.hold?.token ?? '');
    expect(held).toMatchObject({ request_id: 1, mail_id: message.id, sender: 'anne@example.org' });
    const known = await world.store.members.get(list.list_id, 'nonmember', 'anne@example.org');
    expect(known).toMatchObject({ email: 'anne@example.org', subscribed_at: record.decided_at });
    // Those who are told: the author and the site owner, since the list has no owners.
    const told = await world.receive('pipeline');
    const recipients = await Promise.all(
      told.map(
        async ({ id = '' }: { readonly id?: string }) => (await world.recordOf(id)).metadata.recipients,
      ),
    );
    expect(recipients.flat().sort()).toEqual(['anne@example.org', 'postmaster@example.com']);
  });

  it('that is held and comes again is the same hold, and its notices are the same', async () => {
    const list = await world.list();
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    const first = await world.recordOf(message.id);
    const told = await world.receive('pipeline');
    await world.incoming(message);
    expect(await world.recordOf(message.id)).toEqual(first);
    expect(await world.receive('pipeline')).toEqual(told);
    expect(await waiting(list)).toEqual([message.id]);
  });

  it('that a moderator has decided on meanwhile is announced no more', async () => {
    const list = await world.list();
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    await world.receive('pipeline');
    const deed = { deed: 'discard', by: 'queen@example.com', at: '2026-01-01T00:00:00.000Z' } as const;
    await world.store.mails.moderate(message.id, deed, new Date());
    await world.store.held.remove(list.list_id, 1);
    await world.blobs.remove(heldKey(message.id));
    await world.incoming(message);
    expect(await world.receive('pipeline')).toEqual([]);
    expect(await waiting(list)).toEqual([]);
  });

  it('that is rejected goes back to its author, once however often it comes', async () => {
    const list = await world.listOf('anne@example.org', { default_member_action: 'reject' });
    const message = await world.arrive(list, postTo(list));
    await world.incoming(message);
    await world.incoming(message);
    const told = new Set((await world.receive('pipeline')).map((sent) => 'id' in sent && sent.id));
    expect(told.size).toBe(1);
    const [id] = told;
    expect((await world.recordOf(String(id))).metadata.recipients).toEqual(['anne@example.org']);
    expect(await world.recordOf(message.id)).toMatchObject({
      disposition: 'rejected',
      rule_hits: ['member-moderation'],
      metadata: { moderation_sender: 'anne@example.org' },
    });
  });

  describe('with the password of the moderators', () => {
    const approvedMail = (list: MailingList, password: string): Buffer =>
      Buffer.from(
        `From: anne@example.org\r\nTo: ${list.list_name}@${list.mail_host}\r\nSubject: hello\r\n\r\nApproved: ${password}\r\nbody\r\n`,
      );

    it('passes, and the password is neither in the post nor in the record', async () => {
      const list = await world.list({ moderator_password: 'abracadabra' });
      const message = await world.arrive(list, approvedMail(list, 'abracadabra'));
      await world.incoming(message);
      await world.member(list, 'bart@example.org');
      await world.pipeline(message);
      const record = await world.recordOf(message.id);
      expect(record).toMatchObject({ disposition: 'accepted', rule_hits: ['approved'] });
      expect(JSON.stringify(record)).not.toContain('abracadabra');
      const made = (await world.postOf(message.id)).toString();
      expect(made).not.toContain('abracadabra');
      expect(made).toMatch(/\r\n\r\nbody\r\n$/);
    });

    it('that is wrong is held, and after many tries the right one is not even looked at', async () => {
      const list = await world.list({ moderator_password: 'abracadabra' });
      const { list_id } = list;
      const wrong = await world.arrive(list, approvedMail(list, 'open sesame'));
      await world.incoming(wrong);
      expect(await world.recordOf(wrong.id)).toMatchObject({
        disposition: 'held',
        metadata: { has_approved: true },
      });
      const hour = new Date().toISOString().slice(0, 13);
      const nextHour = new Date(Date.now() + 3_600_000).toISOString().slice(0, 13);
      for (const name of [hour, nextHour].map((when) => `approved#${list_id}#${when}`)) {
        for (let tries = 0; tries < 40; tries += 1) {
          await world.store.limits.position(name, `try ${tries}`, 30, new Date(Date.now() + 60_000));
        }
      }
      const right = await world.arrive(list, approvedMail(list, 'abracadabra'));
      await world.incoming(right);
      expect((await world.recordOf(right.id)).disposition).toBe('held');
    });
  });
});
