import { expect, it } from 'vitest';
import type { Moderation } from '../../../lib/held/held-mail.ts';
import { type MailRecord, mailRecordSchema, type Roster } from '../../../lib/posts/mail-record.ts';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

const record = (id: string, over: Partial<MailRecord> = {}): MailRecord =>
  mailRecordSchema.parse({
    id,
    list_id: 'ant.example.com',
    message_id: `<${id}@example.org>`,
    blob: `arrived/${id}`,
    digest: `digest of ${id}`,
    envelope: { sender: '', recipient: 'ant-bounces+x@example.com', detail: 'x' },
    metadata: {
      original_size: 12,
      received_time: '2026-01-01T00:00:00.000Z',
      nested: { deep: [1, null, 'x'] },
    },
    disposition: 'accepted',
    rule_hits: ['truth'],
    decided_at: '2026-01-01T00:00:01.000Z',
    ...over,
  });

const roster = (attempt: string): Roster => ({
  attempt,
  chunks: 3,
  recipients: 512,
  sender: 'ant-bounces@example.com',
  plan: {
    personalize: 'none',
    verp: false,
    decorate: true,
    voice: 'post',
    list: { address: 'ant@example.com', name: 'Ant' },
  },
  committed_at: '2026-01-01T00:00:02.000Z',
});

/** What the store promises of the records of mails. */
export const mailsBehave = (store: () => Store): void => {
  it('commits what became of a mail once, and gives the first decision to whoever comes later', async () => {
    const { mails } = store();
    expect(await mails.commit(record('m1'), new Date(Date.now() + 1e9))).toBeUndefined();
    expect(await mails.commit(record('m1', { disposition: 'held' }))).toEqual(record('m1'));
    expect(await mails.get('m1')).toEqual(record('m1'));
    expect(await mails.get('m0')).toBeUndefined();
  });

  it('lets one of many decisions at once win, for all', async () => {
    const { mails } = store();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => mails.commit(record('m2', { reason: `decision ${n}` }))),
    );
    const won = await mails.get('m2');
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    expect(answers.filter((answer) => answer !== undefined)).toEqual(Array.from({ length: 9 }, () => won));
  });

  it('finds all mails of a Message-ID in the order of their times', async () => {
    const { mails } = store();
    const message_id = '<same@example.org>';
    await mails.commit(record('m4', { message_id, decided_at: '2026-01-02T00:00:00.000Z' }));
    await mails.commit(record('m3', { message_id, decided_at: '2026-01-01T00:00:00.000Z' }));
    expect((await all(mails.byMessageId(message_id))).map(({ id }) => id)).toEqual(['m3', 'm4']);
    expect(await all(mails.byMessageId('<none@example.org>'))).toEqual([]);
  });

  it('takes a Message-ID of any length, empty ones too', async () => {
    const { mails } = store();
    for (const [id, message_id] of [
      ['m5', `<${'é'.repeat(3000)}@example.org>`],
      ['m6', ''],
    ] as const) {
      expect(await mails.commit(record(id, { message_id }))).toBeUndefined();
      expect((await all(mails.byMessageId(message_id))).map((found) => found.id)).toEqual([id]);
    }
  });

  it('keeps the number of a post, once it has one', async () => {
    const { mails } = store();
    await mails.commit(record('m7'));
    expect(await mails.keepNumber('m7', 41)).toBe(41);
    expect(await mails.keepNumber('m7', 42)).toBe(41);
    expect(await mails.get('m7')).toEqual(record('m7', { post_number: 41 }));
  });

  it('fixes the roster of a post once, and gives the one that won to the loser', async () => {
    const { mails } = store();
    await mails.commit(record('m8'));
    const fixed = await Promise.all(['a', 'b', 'c'].map((attempt) => mails.fixRoster('m8', roster(attempt))));
    const won = (await mails.get('m8'))?.roster;
    expect(won).toBeDefined();
    expect(fixed).toEqual([won, won, won]);
    expect(await mails.fixRoster('m8', roster('late'))).toEqual(won);
  });

  it('keeps one decision on a held mail of many at once, for all, and with it where its bytes lie', async () => {
    const { mails } = store();
    await mails.commit(record('m10', { disposition: 'held' }));
    const expires = new Date(Date.now() + 1e9);
    const decision = (n: number): Moderation => ({
      deed: n % 2 === 0 ? 'accept' : 'discard',
      by: `moderator ${n}`,
      at: '2026-01-02T00:00:00.000Z',
      wish: `wish ${n}`,
    });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => mails.moderate('m10', decision(n), expires, `transit/${n}`)),
    );
    const won = (await mails.get('m10'))?.moderation;
    expect(answers).toEqual(Array.from({ length: 10 }, () => won));
    const winner = won?.wish?.split(' ')[1];
    expect(await mails.get('m10')).toEqual(
      record('m10', { disposition: 'held', moderation: decision(Number(winner)), blob: `transit/${winner}` }),
    );
  });

  it('leaves the bytes where they are when a decision does not move them', async () => {
    const { mails } = store();
    await mails.commit(record('m11', { disposition: 'held' }));
    const moderation: Moderation = {
      deed: 'discard',
      by: 'anne@example.org',
      at: '2026-01-02T00:00:00.000Z',
    };
    expect(await mails.moderate('m11', moderation, new Date(Date.now() + 1e9))).toEqual(moderation);
    expect(await mails.get('m11')).toEqual(record('m11', { disposition: 'held', moderation }));
  });

  it('keeps the first refusal of a post, and makes no record by one', async () => {
    const { mails } = store();
    await mails.commit(record('m12'));
    const refused = { at: '2026-01-02T00:00:00.000Z', reply: '554 5.6.0' };
    expect(await mails.markRefused('m12', refused)).toEqual(refused);
    expect(await mails.markRefused('m12', { ...refused, reply: '552' })).toEqual(refused);
    expect(await mails.get('m12')).toEqual(record('m12', { refused }));
    expect(await mails.markRefused('m13', refused)).toBeUndefined();
    expect(await mails.get('m13')).toBeUndefined();
  });

  it('makes no record by a number, a roster or a decision of a mail that is unknown', async () => {
    const { mails } = store();
    await expect(mails.keepNumber('m9', 1)).rejects.toThrow();
    await expect(mails.fixRoster('m9', roster('a'))).rejects.toThrow();
    const moderation: Moderation = { deed: 'accept', by: 'x', at: '2026-01-02T00:00:00.000Z' };
    await expect(mails.moderate('m9', moderation, new Date())).rejects.toThrow();
    expect(await mails.get('m9')).toBeUndefined();
  });
};
