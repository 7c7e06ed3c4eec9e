import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { all } from '../store/behaviour/all.ts';
import { openWorld, type World } from './world.ts';

const mail: Buffer = Buffer.from('From: anne@example.org\r\nSubject: hello\r\n\r\nbody\r\n');

describe('posts from the queue `pipeline`', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  beforeEach(async () => {
    await world.receive('out');
    world.lines.length = 0;
  });
  afterAll(() => world.close());

  const accepted = async (list: MailingList, more: Parameters<World['arrive']>[2] = {}, bytes = mail) => {
    // Who may post is a matter of other tests; here everybody may, also by blind copy.
    const open = { default_nonmember_action: 'defer', require_explicit_destination: false };
    await world.store.lists.set(list.list_id, open);
    const message = await world.arrive(list, bytes, more);
    await world.incoming(message);
    return message;
  };
  const emails = async (id: string) => (await world.rosterOf(id)).map(({ email }) => email).sort();

  it('go to the members with delivery enabled, those with a digest mode too', async () => {
    const list = await world.list();
    await world.member(list, 'anne@example.org');
    await world.member(list, 'bart@example.org', { delivery_status: 'enabled', display_name: 'Bart' });
    await world.member(list, 'cris@example.org', { delivery_mode: 'mime_digests', preferred_language: 'de' });
    await world.member(list, 'dora@example.org', { delivery_status: 'by_user' });
    await world.member(list, 'elle@example.org', { delivery_status: 'by_bounces' });
    await world.member(list, 'fred@example.org', { role: 'nonmember' });
    await world.member(list, 'gwen@example.org', { role: 'owner' });
    const post = await accepted(list);
    await world.pipeline(post);
    expect([...(await world.rosterOf(post.id))].sort((a, b) => (a.email < b.email ? -1 : 1))).toEqual([
      { email: 'anne@example.org', member: 'member-anne@example.org' },
      { email: 'bart@example.org', member: 'member-bart@example.org', name: 'Bart' },
      { email: 'cris@example.org', member: 'member-cris@example.org', language: 'de' },
    ]);
    const { roster } = await world.recordOf(post.id);
    expect(roster).toMatchObject({
      chunks: 1,
      recipients: 3,
      sender: `${list.list_name}-bounces@example.com`,
    });
    expect(await world.receive('out')).toMatchObject([
      { type: 'chunk', id: post.id, chunk: 0, attempt: 0, roster: roster?.attempt, sender: roster?.sender },
    ]);
    expect(world.lines.join('')).toContain('"recipients":3,"chunks":1');
  });

  it('do not go to a sender who does not want own posts, whatever the letter case', async () => {
    const list = await world.list();
    await world.member(list, 'ANNE@example.org', { receive_own_postings: false });
    await world.member(list, 'bart@example.org', { receive_own_postings: false });
    const post = await accepted(list);
    await world.pipeline(post);
    expect(await emails(post.id)).toEqual(['bart@example.org']);
  });

  it('of an anonymous list do not go back to such a sender either', async () => {
    const list = await world.list({ anonymous_list: true });
    await world.member(list, 'anne@example.org', { receive_own_postings: false });
    await world.member(list, 'bart@example.org');
    const post = await accepted(list);
    await world.pipeline(post);
    expect(await emails(post.id)).toEqual(['bart@example.org']);
  });

  it('take the next number, once', async () => {
    const list = await world.list();
    await world.member(list, 'anne@example.org');
    const [one, two] = [await accepted(list), await accepted(list)];
    for (const post of [one, one, two, one]) await world.pipeline(post);
    const [first, second] = [await world.recordOf(one.id), await world.recordOf(two.id)];
    expect(second.post_number).toBe((first.post_number ?? Number.NaN) + 1);
  });

  it('that come again after their roster is fixed are sent to the same people, and made by nobody', async () => {
    const list = await world.list();
    await world.member(list, 'anne@example.org');
    const post = await accepted(list);
    await world.pipeline(post);
    const before = await world.recordOf(post.id);
    const [sent] = await world.receive('out');
    await world.member(list, 'late@example.org');
    await world.store.members.remove(list.list_id, 'member', 'anne@example.org');
    await world.store.lists.set(list.list_id, { description: 'changed' });
    await world.pipeline(post);
    expect(await world.recordOf(post.id)).toEqual(before);
    expect(await world.receive('out')).toEqual([sent]);
    expect(await emails(post.id)).toEqual(['anne@example.org']);
    // Even with the list gone, what was fixed is sent.
    await world.store.lists.remove(list.list_id);
    await world.pipeline(post);
    expect(await world.receive('out')).toEqual([sent]);
  });

  it('are noted among the posts of their list, once, also when the step dies before', async () => {
    const list = await world.list();
    await world.member(list, 'anne@example.org');
    const post = await accepted(list);
    const note = () => Promise.reject(new Error('DynamoDB is away'));
    const store = { ...world.ports.store, posts: { ...world.ports.store.posts, note } };
    await expect(runPipeline(world.asPost(post), { ...world.ports, store })).rejects.toThrow('is away');
    expect((await world.recordOf(post.id)).roster).toBeUndefined();
    await world.pipeline(post);
    await world.pipeline(post);
    const { post_number: number, decided_at: at, message_id } = await world.recordOf(post.id);
    const noted = await all(world.store.posts.latest(list.list_id, new Date()));
    expect(noted).toEqual([{ list_id: list.list_id, id: post.id, number, at, message_id, subject: 'hello' }]);
  });

  it('keep their number when the step dies between number and roster', async () => {
    const list = await world.list();
    await world.member(list, 'anne@example.org');
    const post = await accepted(list);
    const blobs = { ...world.ports.blobs, put: () => Promise.reject(new Error('S3 is away')) };
    await expect(runPipeline(world.asPost(post), { ...world.ports, blobs })).rejects.toThrow('S3 is away');
    const { post_number, roster } = await world.recordOf(post.id);
    expect(post_number).toBeGreaterThan(0);
    expect(roster).toBeUndefined();
    await world.pipeline(post);
    expect((await world.recordOf(post.id)).post_number).toBe(post_number);
    expect(await emails(post.id)).toEqual(['anne@example.org']);
  });

  it('made twice at the same moment have one roster and one number', async () => {
    const list = await world.list();
    for (const name of ['anne', 'bart', 'cris']) await world.member(list, `${name}@example.org`);
    const post = await accepted(list);
    await Promise.all([world.pipeline(post), world.pipeline(post)]);
    const { roster } = await world.recordOf(post.id);
    expect(await emails(post.id)).toHaveLength(3);
    const sent = await world.receive('out');
    expect(sent).toHaveLength(2);
    for (const chunk of sent) expect(chunk).toMatchObject({ roster: roster?.attempt });
  });

  it('without recipients are done at once, and the log says so', async () => {
    const list = await world.list();
    const post = await accepted(list);
    await world.pipeline(post);
    expect((await world.recordOf(post.id)).roster).toMatchObject({ chunks: 0, recipients: 0 });
    expect(await world.receive('out')).toEqual([]);
    expect(world.lines.join('')).toContain('"recipients":0,"chunks":0');
  });

  it('for the owners go to owners and moderators, once each, with the mail as it came', async () => {
    const list = await world.list();
    await world.member(list, 'anne@example.org');
    await world.member(list, 'bart@example.org', { role: 'owner' });
    await world.member(list, 'BART@example.org', { role: 'moderator' });
    await world.member(list, 'cris@example.org', { role: 'moderator' });
    await world.member(list, 'dora@example.org', { role: 'owner', delivery_status: 'by_user' });
    const post = await accepted(list, { owner: true });
    await world.pipeline(post);
    expect(await emails(post.id)).toEqual(['bart@example.org', 'cris@example.org']);
    const made = (await world.postOf(post.id)).toString();
    expect(made.replace(`X-BeenThere: ${list.list_name}-owner@example.com\r\n`, '')).toBe(mail.toString());
  });

  it('for the owners go to the site owner when the list has none who gets mail', async () => {
    const list = await world.list();
    await world.member(list, 'dora@example.org', { role: 'owner', delivery_status: 'by_user' });
    const post = await accepted(list, { owner: true });
    await world.pipeline(post);
    expect(await emails(post.id)).toEqual(['postmaster@example.com']);
  });

  it('for the owners are discarded when they come back', async () => {
    const list = await world.list();
    const post = await accepted(list, { owner: true });
    await world.pipeline(post);
    const back = await accepted(list, { owner: true }, await world.postOf(post.id));
    expect(await world.recordOf(back.id)).toMatchObject({
      disposition: 'discarded',
      rule_hits: ['owner-loop'],
    });
  });

  it('are discarded when they come back to the list', async () => {
    const list = await world.list();
    await world.member(list, 'anne@example.org');
    const post = await accepted(list);
    await world.pipeline(post);
    const back = await accepted(list, {}, await world.postOf(post.id));
    expect(await world.recordOf(back.id)).toMatchObject({ disposition: 'discarded', rule_hits: ['loop'] });
  });

  it('are for the shunt when their record, their list or their bytes are gone', async () => {
    const list = await world.list();
    await expect(world.pipeline({ id: 'none', listid: list.list_id })).rejects.toThrow(ShuntError);
    const post = await accepted(list);
    await world.blobs.remove(post.blob);
    await expect(world.pipeline(post)).rejects.toThrow(ShuntError);
    await world.store.lists.remove(list.list_id);
    await expect(world.pipeline(post)).rejects.toThrow(ShuntError);
    expect((await world.recordOf(post.id)).roster).toBeUndefined();
  });

  it('with a pipeline that does not say who gets them are for the shunt', async () => {
    const post = await accepted(await world.list({ posting_pipeline: 'virgin' }));
    await expect(world.pipeline(post)).rejects.toThrow(/does not say who/);
  });
});

describe('mail that Belfry wrote itself', () => {
  it('goes to the recipients in its metadata, with Reply-To as it is and without List-Post', async () => {
    const world = await openWorld();
    try {
      const list = await world.list({ posting_pipeline: 'virgin', reply_goes_to_list: 'point_to_list' });
      const bytes = Buffer.from(
        'From: ant-request@example.com\r\nReply-To: x@example.org\r\n\r\nWelcome\r\n',
      );
      const notice = await world.arrive(list, bytes, {
        metadata: { recipients: ['new@example.org'], reduced_list_headers: true },
      });
      await world.incoming(notice);
      await world.pipeline(notice);
      expect(await world.rosterOf(notice.id)).toEqual([{ email: 'new@example.org' }]);
      const made = (await world.postOf(notice.id)).toString();
      expect(made).toContain('\r\nReply-To: x@example.org\r\n');
      expect(made).toContain('\r\nList-Unsubscribe: ');
      expect(made).not.toContain('List-Post');
    } finally {
      await world.close();
    }
  });
});
