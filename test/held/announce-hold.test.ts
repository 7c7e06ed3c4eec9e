import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { heldKey } from '../../lib/blobs/keys.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { type HeldWorld, openHeldWorld } from './held-world.ts';

let world: HeldWorld;
let list: MailingList;
beforeAll(async () => {
  world = await openHeldWorld();
});
beforeEach(async () => {
  list = await world.list();
  await world.member(list, 'olga@example.org', { role: 'owner' });
  await world.notices();
});
afterAll(() => world.close());

const decide = (id: string) =>
  world.store.mails.moderate(
    id,
    { deed: 'discard', by: 'olga@example.org', at: new Date().toISOString(), wish: 'hers' },
    new Date(Date.now() + 1e9),
  );
const waiting = async () => {
  const found = [];
  for await (const held of world.store.held.ls(list.list_id)) found.push(held);
  return found;
};

describe('a mail that is held', () => {
  it('waits with all that is known of it, and author and moderators are told', async () => {
    const record = await world.commit(list, world.mail);
    await world.announce(record, list);
    expect(await waiting()).toEqual([
      {
        request_id: 1,
        list_id: list.list_id,
        mail_id: record.id,
        token: record.hold?.token,
        message_id: record.message_id,
        sender: 'anne@example.org',
        subject: 'Eggs',
        reasons: ['It has no subject.', 'It is from a stranger.'],
        hold_date: record.decided_at,
        blob: heldKey(record.id),
        envelope: record.envelope,
        metadata: record.metadata,
      },
    ]);
    const notices = await world.notices();
    expect(notices.map(({ to }) => to)).toEqual([['anne@example.org'], ['olga@example.org']]);
    expect(notices[1]?.text).toContain(`Subject: confirm ${record.hold?.token}`);
  });

  it('has the sender of its headers when the rules name none, and a subject of bounded length', async () => {
    const bytes = Buffer.from(
      `From: Bart <Bart@example.org>\r\nSubject: ${'x'.repeat(500_000)}\r\n\r\nbody\r\n`,
    );
    const metadata = { original_size: 1, received_time: '2026-01-01T00:00:00.000Z' };
    const record = await world.commit(list, bytes, { metadata, reason: 'One reason.' });
    await world.announce(record, list);
    const [held] = await waiting();
    expect(held).toMatchObject({ sender: 'bart@example.org', reasons: ['One reason.'] });
    expect(held?.subject).toBe('x'.repeat(998));
  });

  it('is announced once, however often that is done', async () => {
    const record = await world.commit(list, world.mail);
    await world.announce(record, list);
    await world.announce(record, list);
    expect(await waiting()).toHaveLength(1);
    const ids = (await world.receive('pipeline')).map((message) => 'id' in message && message.id);
    expect(new Set(ids).size).toBe(2);
  });

  it('is not announced when it was decided on before, whatever the announcer knew', async () => {
    const early = await world.commit(list, world.mail);
    await decide(early.id);
    await world.announce(early, list);
    expect(await waiting()).toEqual([]);

    // One announced it, somebody decided, and another one announces it again from what it had read before.
    const late = await world.commit(list, world.mail);
    await world.announce(late, list);
    await world.notices();
    await decide(late.id);
    await world.store.held.remove(list.list_id, late.hold?.request_id ?? 0);
    await world.announce(late, list);
    await world.announce(await world.recordOf(late.id), list);
    expect(await waiting()).toEqual([]);
    expect(await world.notices()).toEqual([]);
  });

  it('goes to the shunt when its bytes are lost', async () => {
    const record = await world.commit(list, world.mail);
    await world.blobs.remove(heldKey(record.id));
    await expect(world.announce(record, list)).rejects.toThrow(ShuntError);
  });
});
