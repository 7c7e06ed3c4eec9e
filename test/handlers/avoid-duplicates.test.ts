import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copiesOf } from '../../lib/delivery/copies/copies.ts';
import type { RosterEntry } from '../../lib/delivery/roster.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { openWorld, type World } from '../runners/world.ts';

// Who stands in To or Cc of a post gets it from its author as well: with `receive_list_copy` off not from the list, else with a mark (mailman-behaviour.md, section 9).

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const from = 'anne@example.org';

/** A list of which these are members, each with `receive_list_copy` as said. */
const listOf = async (members: Readonly<Record<string, boolean>>): Promise<MailingList> => {
  const list = await world.list({ require_explicit_destination: false });
  await world.member(list, from, { delivery_status: 'by_user', moderation_action: 'defer' });
  for (const [email, receive_list_copy] of Object.entries(members)) {
    await world.member(list, email, { receive_list_copy });
  }
  return list;
};

/** The post that is made of a mail with these headers: who gets it, with the mark or without, and its header. */
const made = async (list: MailingList, header: string) => {
  const fields = `From: ${from}\r\n${header}Subject: hello\r\n`;
  const message = await world.arrive(list, Buffer.from(`${fields}\r\nbody\r\n`));
  await world.incoming(message);
  await world.pipeline(message);
  const roster = [...(await world.rosterOf(message.id))].sort((a, b) => a.email.localeCompare(b.email));
  const post = await world.postOf(message.id);
  return {
    message,
    roster,
    gets: roster.map(({ email, duplicate }) => (duplicate === true ? `${email}, marked` : email)),
    post,
    cc: post.toString().match(/^Cc: .*(?:\r\n[ \t].*)*/gim) ?? [],
  };
};

describe('a member who is named in a post', () => {
  it.each(['To', 'Cc', 'Resent-To', 'Resent-Cc'])('in %s gets no copy when they want none', async (name) => {
    const list = await listOf({ 'bart@example.org': false, 'cris@example.org': false });
    const { gets } = await made(list, `${name}: ${list.list_name}@example.com, Bart <Bart@Example.ORG>\r\n`);
    expect(gets).toEqual(['cris@example.org']);
  });

  it('gets a copy with a mark when they want it, which is how it is unless they say so', async () => {
    const list = await listOf({ 'bart@example.org': true });
    await world.member(list, 'cris@example.org');
    await world.member(list, 'dora@example.org');
    const { gets } = await made(list, 'To: bart@example.org\r\nCc: Cris <cris@example.org>\r\n');
    expect(gets).toEqual(['bart@example.org, marked', 'cris@example.org, marked', 'dora@example.org']);
  });

  it('is taken out of Cc with the copy, and nobody else is', async () => {
    const list = await listOf({ 'bart@example.org': false, 'cris@example.org': true });
    const header = 'Cc: Bart <bart@example.org>, Cris <cris@example.org>\r\nCC: zoe@example.net\r\n';
    expect((await made(list, header)).cc).toEqual(['Cc: Cris <cris@example.org>, zoe@example.net']);
    expect((await made(list, 'Cc: bart@example.org\r\n')).cc).toEqual([]);
  });

  it('stays in Cc, byte for byte, when they get their copy, or nothing at all', async () => {
    const list = await listOf({ 'bart@example.org': true });
    await world.member(list, 'dora@example.org', { receive_list_copy: false, delivery_status: 'by_user' });
    const cc = 'Cc:  "B" <bart@example.org>,\r\n\tdora@example.org, zoe@example.net';
    const { gets, cc: left } = await made(list, `${cc}\r\n`);
    expect(gets).toEqual(['bart@example.org, marked']);
    expect(left).toEqual([cc]);
  });
});

it("the list's own addresses name nobody, even when they are members", async () => {
  const list = await world.list({ require_explicit_destination: false });
  await world.member(list, from, { moderation_action: 'defer' });
  const own = [`${list.list_name}@example.com`, `${list.list_name}-owner@example.com`];
  for (const email of own) await world.member(list, email, { receive_list_copy: false });
  const { gets } = await made(list, `To: ${own.join(', ')}\r\n`);
  expect(gets).toEqual([from, own[1], own[0]]);
});

it('a post made twice at the same moment has one roster, and the Cc of that one', async () => {
  const list = await listOf({ 'bart@example.org': false, 'cris@example.org': false });
  const message = await world.arrive(
    list,
    Buffer.from(`From: ${from}\r\nCc: bart@example.org\r\nSubject: x\r\n\r\nbody\r\n`),
  );
  await world.incoming(message);
  const change = world.store.members.set(list.list_id, 'member', 'bart@example.org', {
    receive_list_copy: true,
  });
  await Promise.all([world.pipeline(message), change, world.pipeline(message)]);
  const emails = (await world.rosterOf(message.id)).map(({ email }) => email);
  const named = (await world.postOf(message.id)).includes('Cc: bart@example.org');
  expect(named).toBe(emails.includes('bart@example.org'));
  expect(emails).toContain('cris@example.org');
});

it('the mark is in the copy of who has it alone, and an author can give it to nobody', async () => {
  const list = await listOf({ 'bart@example.org': true, 'cris@example.org': true });
  const { post, roster } = await made(list, 'X-Mailman-Copy: yes\r\nCc: bart@example.org\r\n');
  const copy = copiesOf({
    post,
    message: {
      v: 1,
      type: 'chunk',
      queue: 'out',
      id: 'post-1',
      listid: list.list_id,
      roster: 'roster-1',
      chunk: 0,
      attempt: 0,
      sender: 'ant-bounces@example.com',
      plan: {
        personalize: 'individual',
        verp: false,
        decorate: true,
        voice: 'post',
        list: { address: 'ant@example.com', name: 'Ant' },
      },
    },
    links: undefined,
  });
  const marks = (entry: RosterEntry): number =>
    copy(entry).toString().split('X-Mailman-Copy: yes\r\n').length - 1;
  expect(roster.map(marks)).toEqual([1, 0]);
});
