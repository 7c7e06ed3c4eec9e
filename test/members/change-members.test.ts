import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { carryOut } from '../../lib/members/carry-out.ts';
import { planMembers } from '../../lib/members/change-members.ts';
import { readLines } from '../../lib/members/read-lines.ts';
import { Death, type Lab, openLab } from './lab.ts';

let lab: Lab;
let list: MailingList;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());
beforeEach(async () => {
  list = await lab.list();
  lab.requests();
});

const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `m${String(index).padStart(5, '0')}@example.org`);
const emails = async () => (await lab.everybody(list)).map(({ email }) => email);

describe('adding many', () => {
  it('writes each once, and asks for what is known of them by the hundred', async () => {
    const { done } = await lab.change(list, numbered(250));
    expect(done).toEqual({ added: 250, changed: 0, removed: 0 });
    // Members, addresses and former members: 500 questions, three batches, three batches; the bans are one more.
    expect(lab.requests()).toEqual({ BatchGetItemCommand: 5 + 3 + 3 + 1, PutItemCommand: 250 });
  });

  it('goes on after an end at any point, and writes none a second time', async () => {
    const lines = numbered(40);
    for (const at of [0, 1, 17, 39]) {
      list = await lab.list();
      lab.dieAt(at);
      await expect(lab.change(list, lines)).rejects.toThrow(Death);
      lab.dieAt(undefined);
      const before = (await emails()).length;
      lab.requests();
      const { done, plan } = await lab.change(list, lines);
      expect(done.added).toBe(40 - before);
      expect(plan.already).toBe(before);
      expect(lab.requests().PutItemCommand).toBe(40 - before);
      expect(await emails()).toEqual(lines);
    }
  });

  it('reads a long list in pages, and writes nothing of those who are there', async () => {
    const lines = numbered(1100);
    await lab.change(list, lines);
    lab.requests();
    const { done, plan } = await lab.change(list, lines);
    expect([done.added, plan.already]).toEqual([0, 1100]);
    // A page of members, one of nonmembers, and the bans.
    expect(lab.requests()).toEqual({ QueryCommand: 2, BatchGetItemCommand: 1 });
  });

  it('keeps somebody who joined by themselves in between', async () => {
    const { store } = lab;
    const context = { store, clock: { now: () => new Date('2026-01-01') } };
    const planned = await planMembers(list, readLines(['Other <a@example.org>'], 'member'), context);
    await lab.change(list, ['Anne <a@example.org>']);
    expect((await carryOut(list, planned.plan, context)).added).toBe(0);
    expect(await lab.everybody(list)).toMatchObject([{ display_name: 'Anne' }]);
  });

  it('leaves out whom a ban names, and keeps a banned member who is there', async () => {
    await lab.change(list, ['old@bad.example.org']);
    await lab.store.bans.add(list.list_id, '^.*@bad\\.example\\.org');
    await lab.store.bans.add(null, 'site@example.org');
    const lines = ['old@bad.example.org', 'new@bad.example.org', 'Site@example.org', 'good@example.org'];
    const { done, invalid } = await lab.change(list, lines);
    expect(done.added).toBe(1);
    expect(invalid).toEqual([
      {
        line: 2,
        text: 'new@bad.example.org',
        reason: 'new@bad.example.org is banned from the list by ^.*@bad\\.example\\.org',
      },
      { line: 3, text: 'Site@example.org', reason: 'Site@example.org is banned from the site' },
    ]);
    expect((await lab.change(list, ['site@example.org'], { role: 'owner' })).done.added).toBe(1);
  });

  it('tells of lines that name somebody again, and the first counts', async () => {
    const lines = ['Anne <a@example.org>', 'b@example.org', 'Other <A@example.org>'];
    const { done, duplicates } = await lab.change(list, lines);
    expect(done.added).toBe(2);
    expect(duplicates).toEqual([{ line: 3, email: 'A@example.org', first: 1 }]);
    expect(await lab.everybody(list)).toMatchObject([{ display_name: 'Anne' }, {}]);
  });

  it('makes members of nonmembers, also when it ended before it did', async () => {
    const lines = numbered(3);
    await lab.change(list, [...lines, 'x@example.org'], { role: 'nonmember' });
    lab.dieAt(3);
    await expect(lab.change(list, lines)).rejects.toThrow(Death);
    lab.dieAt(undefined);
    await lab.change(list, lines);
    expect((await lab.everybody(list, 'nonmember')).map(({ email }) => email)).toEqual(['x@example.org']);
    expect(await emails()).toEqual(lines);
  });
});

describe('what a new member has', () => {
  const registered_on = '2026-01-01T00:00:00.000Z';

  it('is inherited from the address and its user', async () => {
    const { addresses, users } = lab.store;
    const user = { user_id: 'u1', display_name: '', is_server_owner: false, created_on: registered_on };
    await users.create({ ...user, preferences: { hide_address: false, delivery_mode: 'mime_digests' } });
    await addresses.register({
      email: 'known@example.org',
      display_name: '',
      registered_on,
      user_id: 'u1',
      preferences: { delivery_mode: 'plaintext_digests' },
    });
    await lab.change(list, ['Known@example.org', 'unknown@example.org']);
    const [known, unknown] = await lab.everybody(list);
    expect(known).toMatchObject({
      inherited: { hide_address: false, delivery_mode: 'plaintext_digests' },
    });
    expect(known).not.toHaveProperty('delivery_mode');
    expect(unknown).not.toHaveProperty('inherited');
  });

  it('is what the file says, as far as it does not count anyhow', async () => {
    await lab.store.addresses.register({
      email: 'digest@example.org',
      display_name: '',
      registered_on,
      preferences: { delivery_mode: 'mime_digests' },
    });
    const said = { delivery_mode: 'regular', delivery_status: 'enabled', moderation_action: 'hold' } as const;
    await lab.change(list, ['digest@example.org', 'regular@example.org'], { said });
    const [digest, regular] = await lab.everybody(list);
    expect(digest).toMatchObject({ delivery_mode: 'regular', moderation_action: 'hold' });
    expect(regular).toMatchObject({ moderation_action: 'hold' });
    expect(regular).not.toHaveProperty('delivery_mode');
    expect(regular).not.toHaveProperty('delivery_status');
  });

  it('is what they had before, when they come back within a year', async () => {
    const said = {
      delivery_mode: 'mime_digests',
      delivery_status: 'by_user',
      moderation_action: 'hold',
    } as const;
    await lab.change(list, ['a@example.org', 'b@example.org'], { said });
    await lab.change(list, ['b@example.org'], { onlyThese: 'member' });
    expect(await emails()).toEqual(['b@example.org']);
    await lab.change(list, ['a@example.org']);
    expect((await lab.everybody(list))[0]).toMatchObject({ email: 'a@example.org', ...said });

    await lab.change(list, ['b@example.org'], { onlyThese: 'member' });
    lab.pass(366 * 86_400);
    await lab.change(list, ['a@example.org']);
    expect((await lab.everybody(list))[0]).not.toHaveProperty('moderation_action');
  });

  it('is mail again, when bounces had stopped it', async () => {
    await lab.change(list, ['a@example.org', 'b@example.org'], {
      said: { delivery_status: 'by_bounces', moderation_action: 'reject' },
    });
    await lab.change(list, ['b@example.org'], { onlyThese: 'member' });
    await lab.change(list, ['a@example.org']);
    const [anne] = await lab.everybody(list);
    expect(anne).toMatchObject({ moderation_action: 'reject' });
    expect(anne).not.toHaveProperty('delivery_status');
  });
});

describe('a file for those who are there', () => {
  it('changes them when it is asked to, and only then', async () => {
    await lab.change(list, ['Anne <a@example.org>', 'b@example.org', 'Cris <c@example.org>']);
    const lines = ['a@example.org', 'Bart <b@example.org>', 'Cris <c@example.org>'];
    const said = { delivery_status: 'by_user' } as const;
    const left = await lab.change(list, lines, { said });
    expect([left.done.changed, left.plan.differing]).toEqual([0, 3]);
    expect((await lab.everybody(list))[0]).not.toHaveProperty('delivery_status');

    expect((await lab.change(list, lines, { said, update: true })).done.changed).toBe(3);
    expect(await lab.everybody(list)).toMatchObject([
      { display_name: 'Anne', delivery_status: 'by_user' },
      { display_name: 'Bart', delivery_status: 'by_user' },
      { display_name: 'Cris', delivery_status: 'by_user' },
    ]);
    lab.requests();
    const again = await lab.change(list, lines, { said, update: true });
    expect([again.done.changed, again.plan.differing]).toEqual([0, 0]);
    expect(lab.requests()).not.toHaveProperty('UpdateItemCommand');
  });

  it('is all there is, when it is asked for: others leave, in that role alone, and it goes on after an end', async () => {
    await lab.change(list, numbered(20));
    await lab.change(list, ['o@example.org'], { role: 'owner' });
    await lab.change(list, ['n@example.org'], { role: 'nonmember' });
    const lines = [...numbered(15), 'new@example.org'];
    lab.dieAt(4);
    await expect(lab.change(list, lines, { onlyThese: 'member' })).rejects.toThrow(Death);
    lab.dieAt(undefined);
    await lab.change(list, lines, { onlyThese: 'member' });
    expect(await emails()).toEqual(lines);
    expect(await lab.everybody(list, 'owner')).toHaveLength(1);
    expect(await lab.everybody(list, 'nonmember')).toHaveLength(1);
    // Who left in the middle is remembered like the others.
    const gone = await lab.store.members.former.getMany(list.list_id, numbered(20), new Date('2026-06-01'));
    expect(gone).toHaveLength(5);
  });
});

it('lets those be who left and came back while the file was being read', async () => {
  const { store } = lab;
  const context = { store, clock: { now: () => new Date('2026-01-01') } };
  await lab.change(list, ['a@example.org', 'b@example.org']);
  const { plan } = await planMembers(list, [], context, { onlyThese: 'member' });
  await store.members.remove(list.list_id, 'member', 'a@example.org');
  await lab.change(list, ['a@example.org']);
  expect((await carryOut(list, plan, context)).removed).toBe(1);
  expect(await emails()).toEqual(['a@example.org']);
});

describe('reading a list', () => {
  it('finds a member, and a first page, by one request each, however long the list is', async () => {
    await lab.change(list, numbered(1100));
    await lab.change(list, ['o@example.org'], { role: 'owner' });
    lab.requests();
    await lab.store.members.get(list.list_id, 'member', 'm01099@example.org');
    expect(lab.requests()).toEqual({ GetItemCommand: 1 });
    for await (const page of lab.store.members.pages(list.list_id, 'member')) {
      expect(page.length).toBeGreaterThan(0);
      break;
    }
    expect(lab.requests()).toEqual({ QueryCommand: 1 });
    // The owners of a list are one request, whatever else is on it.
    expect(await lab.everybody(list, 'owner')).toHaveLength(1);
    expect(lab.requests()).toEqual({ QueryCommand: 1 });
  });
});
