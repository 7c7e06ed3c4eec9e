import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { type CommandWorld, openCommandWorld } from './command-world.ts';

let world: CommandWorld;
beforeAll(async () => {
  world = await openCommandWorld();
});
afterAll(() => world.close());

const anne = 'anne@example.org';
const texts = {
  autoresponse_owner_text: 'We own $listname.',
  autoresponse_postings_text: 'Thanks for the post.',
  autoresponse_request_text: 'Commands are read on Mondays.',
};

/** A list that answers, of which Anne is a member. */
const answering = (settings: Readonly<Record<string, unknown>>): Promise<MailingList> =>
  world.listOf(anne, { ...texts, ...settings });

const bytes = (headers: readonly string[] = [], from = anne): Buffer =>
  Buffer.from([`From: ${from}`, 'Subject: Hello', ...headers, '', 'Hi.', ''].join('\r\n'));

interface Post {
  readonly owner?: boolean;
  readonly headers?: readonly string[];
  readonly from?: string;
}

/** Sends a mail to a list or to its owners; gives what became of it, and the texts that answer it. */
const post = async (list: MailingList, { owner = false, headers, from = anne }: Post = {}) => {
  const to = owner ? [] : [`To: ${list.list_name}@example.com`];
  const message = await world.arrive(list, bytes([...to, ...(headers ?? [])], from), { owner, sender: from });
  await world.incoming(message);
  await world.settle();
  const answers = (await world.notices()).filter(({ subject }) => subject.startsWith('Automatic answer'));
  return { disposition: (await world.recordOf(message.id)).disposition, message, answers };
};

describe('mail that a list answers automatically', () => {
  it('is answered and goes on', async () => {
    const list = await answering({ autorespond_postings: 'respond_and_continue' });
    const { disposition, answers } = await post(list);
    expect(disposition).toBe('accepted');
    expect(answers.map(({ to }) => to)).toEqual([[anne]]);
    const text = answers[0]?.text ?? '';
    expect(text).toContain('Thanks for the post.');
    expect(text).toContain(`<${list.list_name}-bounces@example.com>`);
    expect(text).toMatch(/^X-Mailer: .*Replybot\r$/m);
    expect(text).toMatch(/^X-Ack: No\r$/m);
    expect(text).toMatch(/^Precedence: bulk\r$/m);
    expect(text).toMatch(/^Auto-Submitted: auto-replied\r$/m);
  });

  it('is answered and goes no further', async () => {
    const list = await answering({
      autorespond_owner: 'respond_and_discard',
      autorespond_postings: 'respond_and_discard',
    });
    const owner = await post(list, { owner: true });
    expect(owner.disposition).toBe('discarded');
    expect(owner.answers[0]?.text).toContain(`We own ${list.list_name}@example.com.`);
    const posting = await post(list);
    expect(posting.disposition).toBe('discarded');
    expect(posting.answers).toHaveLength(1);
  });

  it('is not answered when the list does not want it, or has nothing to say', async () => {
    expect((await post(await answering({}))).answers).toEqual([]);
    const silent = await answering({
      autorespond_postings: 'respond_and_continue',
      autoresponse_postings_text: '',
    });
    expect((await post(silent)).answers).toEqual([]);
  });

  it('is not answered when the rules drop it, or a machine wrote it, or it asks for no answer', async () => {
    const list = await answering({ autorespond_postings: 'respond_and_continue' });
    await world.store.bans.add(list.list_id, 'mallory@example.net');
    expect((await post(list, { from: 'mallory@example.net' })).answers).toEqual([]);
    for (const header of [
      'X-Ack: no',
      'Precedence: bulk',
      'Auto-Submitted: auto-generated',
      'List-Id: <x>',
    ]) {
      expect((await post(list, { headers: [header] })).answers).toEqual([]);
    }
    expect((await post(list)).answers).toHaveLength(1);
  });

  it('is answered once for each address and kind in the time of grace, unless it asks for it', async () => {
    const list = await answering({
      autorespond_owner: 'respond_and_continue',
      autorespond_postings: 'respond_and_continue',
    });
    const first = await post(list);
    expect(first.answers).toHaveLength(1);
    expect((await post(list)).answers).toEqual([]);
    expect((await post(list, { headers: ['X-Ack: yes'] })).answers).toHaveLength(1);
    expect((await post(list, { owner: true })).answers).toHaveLength(1);
    expect((await post(list, { owner: true })).answers).toEqual([]);
    // What was answered is answered again in the same words, when its message comes again.
    await world.incoming(first.message);
    await world.settle();
    const again = await world.notices();
    expect(again.filter(({ text }) => text === first.answers[0]?.text)).toHaveLength(1);
  });

  it('is always answered when there is no time of grace', async () => {
    const list = await answering({ autorespond_owner: 'respond_and_continue', autoresponse_grace_period: 0 });
    expect((await post(list, { owner: true })).answers).toHaveLength(1);
    expect((await post(list, { owner: true })).answers).toHaveLength(1);
  });
});

describe('mail to the request address of a list that answers automatically', () => {
  const request = async (list: MailingList, subject: string, to: 'request' | 'join' = 'request') => {
    const from = `bart-${list.list_name}@example.org`;
    const message = await world.letter(list, { from, subject, to });
    await world.take(message);
    await world.settle();
    return (await world.notices()).map(({ subject: told }) => told.split(' ')[0]);
  };

  it('is answered, and its commands are done', async () => {
    const list = await answering({ autorespond_requests: 'respond_and_continue' });
    expect((await request(list, 'help')).toSorted()).toEqual(['Automatic', 'The']);
  });

  it('is answered, and no command is done but a confirmation', async () => {
    const list = await answering({ autorespond_requests: 'respond_and_discard' });
    expect(await request(list, 'help')).toEqual(['Automatic']);
    expect(await request(list, '', 'join')).toEqual(['confirm']);
    const from = `bart-${list.list_name}@example.org`;
    const waiting = await world.store.requests.get(list.list_id, 'join', from, new Date());
    await request(list, `confirm ${waiting?.token}`);
    expect(await world.store.members.get(list.list_id, 'member', from)).toBeDefined();
  });
});
