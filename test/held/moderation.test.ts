import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrivedKey, heldKey } from '../../lib/blobs/keys.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { type HeldWorld, openHeldWorld } from './held-world.ts';

let world: HeldWorld;
beforeAll(async () => {
  world = await openHeldWorld();
});
beforeEach(async () => {
  await world.receive('pipeline');
  await world.receive('out');
  world.lines.length = 0;
});
afterAll(() => world.close());

const posts = async (): Promise<readonly string[]> =>
  (await world.receive('pipeline')).map((message) => (message.type === 'post' ? message.id : message.type));

describe('accepting', () => {
  it('makes a post of the mail, which tells when; nothing is held any more', async () => {
    const list = await world.list();
    await world.member(list, 'cris@example.org');
    const held = await world.hold(list);
    await world.moderate(world.wish(held));
    expect(await posts()).toEqual([held.mail_id]);
    const { moderation, blob } = await world.recordOf(held.mail_id);
    expect(moderation).toMatchObject({ deed: 'accept', by: 'bart@example.org' });
    expect(blob).toBe(arrivedKey(held.mail_id));
    expect(await world.store.held.get(list.list_id, held.request_id)).toBeUndefined();
    expect(await world.blobs.get(heldKey(held.mail_id))).toBeUndefined();

    await world.make(held.mail_id, list.list_id);
    const post = (await world.postOf(held.mail_id)).toString();
    const at = new Date(moderation?.at ?? '').toUTCString().replace('GMT', '+0000');
    expect(post).toContain('X-Mailman-Rule-Hits: no-subject\r\n');
    expect(post).toContain(`X-Mailman-Approved-At: ${at}\r\n`);
    expect(post).toContain('Mind the eggs.');
    expect(await world.rosterOf(held.mail_id)).toEqual([
      { email: 'cris@example.org', member: 'member-cris@example.org' },
    ]);
  });

  it('lets everything from now on pass, of a member, of a nonmember, and of a stranger', async () => {
    const list = await world.list();
    await world.member(list, 'Member@example.org');
    await world.member(list, 'non@example.org', { role: 'nonmember', moderation_action: 'hold' });
    for (const sender of ['member@example.org', 'non@example.org', 'stranger@example.org']) {
      const metadata = {
        original_size: 1,
        received_time: '2026-01-01T00:00:00.000Z',
        moderation_sender: sender,
      };
      const held = await world.hold(list, world.mail, { metadata });
      await world.moderate(world.wish(held, { sender_action: 'accept' }));
    }
    const action = async (role: 'member' | 'nonmember', email: string) =>
      (await world.store.members.get(list.list_id, role, email))?.moderation_action;
    expect(await action('member', 'member@example.org')).toBe('accept');
    expect(await action('nonmember', 'member@example.org')).toBeUndefined();
    expect(await action('nonmember', 'non@example.org')).toBe('accept');
    expect(await action('nonmember', 'stranger@example.org')).toBe('accept');
  });
});

describe('rejecting', () => {
  it('tells the author, with the comment, and keeps nothing', async () => {
    const list = await world.list();
    const held = await world.hold(list);
    await world.moderate(world.wish(held, { deed: 'reject', comment: 'No eggs here, please.' }));
    expect(await world.notices()).toMatchObject([
      { to: ['anne@example.org'], text: expect.stringContaining('No eggs here, please.') },
    ]);
    expect(await world.store.held.get(list.list_id, held.request_id)).toBeUndefined();
    expect(await world.blobs.get(heldKey(held.mail_id))).toBeUndefined();
    expect((await world.recordOf(held.mail_id)).moderation).toMatchObject({
      deed: 'reject',
      comment: 'No eggs here, please.',
    });
  });

  it('can ban the sender from the list', async () => {
    const list = await world.list();
    await world.moderate(world.wish(await world.hold(list), { deed: 'reject', ban: true }));
    expect(await world.store.bans.ls(list.list_id)).toEqual(['anne@example.org']);
  });
});

describe('discarding', () => {
  it('drops the mail without a word', async () => {
    const list = await world.list();
    const held = await world.hold(list);
    await world.moderate(world.wish(held, { deed: 'discard' }));
    expect(await world.receive('pipeline')).toEqual([]);
    expect(await world.store.held.get(list.list_id, held.request_id)).toBeUndefined();
    expect(await world.blobs.get(heldKey(held.mail_id))).toBeUndefined();
  });

  it('by its age is told to the owners', async () => {
    const list = await world.list({ max_days_to_hold: 5 });
    await world.member(list, 'olga@example.org', { role: 'owner' });
    const held = await world.hold(list);
    const over = world.wish(held, { deed: 'discard', by: 'expired', wish: 'expired' });
    await world.moderate(over);
    await world.moderate(over);
    expect(await world.notices()).toMatchObject([{ to: ['olga@example.org'] }]);
  });
});

describe('holding on', () => {
  it('forwards the mail and decides nothing', async () => {
    const list = await world.list();
    const held = await world.hold(list);
    await world.moderate(world.wish(held, { deed: 'defer', forward: ['dora@example.org'] }));
    expect(await world.notices()).toMatchObject([
      { to: ['dora@example.org'], text: expect.stringContaining('Mind the eggs.') },
    ]);
    expect((await world.recordOf(held.mail_id)).moderation).toBeUndefined();
    expect(await world.store.held.get(list.list_id, held.request_id)).toEqual(held);
    expect(await world.blobs.get(heldKey(held.mail_id))).toEqual(world.mail);
  });
});

describe('a decision', () => {
  it('is the first one; who comes later changes nothing', async () => {
    const list = await world.list();
    const held = await world.hold(list);
    await world.moderate(world.wish(held, { deed: 'discard', by: 'first@example.org' }));
    const late = { deed: 'accept', by: 'late@example.org', ban: true, sender_action: 'accept' } as const;
    await world.moderate(world.wish(held, late));
    expect(await world.receive('pipeline')).toEqual([]);
    expect((await world.recordOf(held.mail_id)).moderation).toMatchObject({ by: 'first@example.org' });
    expect(await world.store.bans.ls(list.list_id)).toEqual([]);
    expect(await world.store.members.get(list.list_id, 'nonmember', 'anne@example.org')).toBeUndefined();
    expect(world.lines.map((line) => JSON.parse(line).won)).toEqual([true, false]);
  });

  it('is finished by its own message, however far it came, and by no other', async () => {
    const list = await world.list();
    const held = await world.hold(list);
    const first = world.wish(held, { ban: true });
    // Whoever made the decision died right after it.
    await world.blobs.copy(heldKey(held.mail_id), arrivedKey(held.mail_id));
    await world.store.mails.moderate(
      held.mail_id,
      { deed: 'accept', by: first.by, at: new Date().toISOString(), wish: first.wish },
      new Date(Date.now() + 1e9),
      arrivedKey(held.mail_id),
    );
    await world.moderate(world.wish(held, { deed: 'reject' }));
    expect(await posts()).toEqual([]);
    expect(await world.store.held.get(list.list_id, held.request_id)).toEqual(held);
    await world.moderate(first);
    expect(await posts()).toEqual([held.mail_id]);
    expect(await world.store.bans.ls(list.list_id)).toEqual(['anne@example.org']);
    expect(await world.store.held.get(list.list_id, held.request_id)).toBeUndefined();
    // And once more, now that all is done.
    await world.moderate(first);
    expect(await posts()).toEqual([]);
  });

  it('on a mail that was never held, or whose bytes are lost, goes to the shunt', async () => {
    const list = await world.list();
    const held = await world.hold(list);
    const other = await world.list();
    await expect(world.moderate({ ...world.wish(held), listid: other.list_id })).rejects.toThrow(ShuntError);
    await expect(world.moderate({ ...world.wish(held), id: 'nobody' })).rejects.toThrow(ShuntError);
    await world.blobs.remove(heldKey(held.mail_id));
    await expect(world.moderate(world.wish(held))).rejects.toThrow(ShuntError);
    expect((await world.recordOf(held.mail_id)).moderation).toBeUndefined();
  });
});

describe('two moderators who accept the same mail at the same moment', () => {
  it('make one post of it, 500 times', async () => {
    const list = await world.list();
    await world.member(list, 'cris@example.org');
    const ids: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const held = await Promise.all(Array.from({ length: 25 }, () => world.hold(list)));
      await Promise.all(
        held.flatMap((one) =>
          ['bart@example.org', 'dora@example.org'].map((by) => world.moderate(world.wish(one, { by }))),
        ),
      );
      ids.push(...held.map(({ mail_id }) => mail_id));
      const sent = await posts();
      expect(sent.toSorted()).toEqual(held.map(({ mail_id }) => mail_id).toSorted());
      await Promise.all(sent.map((id) => world.make(id, list.list_id)));
    }
    const chunks = await world.receive('out');
    expect(chunks.map(({ type, ...message }) => 'id' in message && message.id).toSorted()).toEqual(
      ids.toSorted(),
    );
    expect(ids).toHaveLength(500);
    for await (const left of world.store.held.ls(list.list_id)) expect(left).toBeUndefined();
  }, 400_000);
});
