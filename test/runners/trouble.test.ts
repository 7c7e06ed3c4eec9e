import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import type { MailRecord } from '../../lib/posts/mail-record.ts';
import type { TroubleMessage } from '../../lib/queue/messages.ts';
import { runTrouble, type TroublePorts } from '../../lib/runners/trouble.ts';
import { noon, openPostOffice, type PostOffice } from '../notices/post-office.ts';

const bytes = Buffer.from('From: anne@example.org\r\nSubject: Eggs\r\nMessage-ID: <a@b.c>\r\n\r\nbody\r\n');

let office: PostOffice;
let ports: TroublePorts;
beforeAll(async () => {
  office = await openPostOffice();
  ports = { ...office.ports, log: office.log };
});
afterAll(() => office.close());

/** A post that was made, of a list of its own. */
const post = async (): Promise<{ readonly list: MailingList; readonly record: MailRecord }> => {
  const list = await office.list();
  await office.administrator(list, 'olga@example.net');
  await office.administrator(list, 'mo@example.net', 'moderator');
  const record: MailRecord = {
    ...(await office.reject(list, { bytes })),
    disposition: 'accepted',
    pipeline: 'default-posting-pipeline',
  };
  await ports.store.mails.commit(record);
  return { list, record };
};

const trouble = (
  { id, list_id }: Pick<MailRecord, 'id' | 'list_id'>,
  more: Partial<TroubleMessage> = {},
): TroubleMessage => ({
  v: 1,
  type: 'trouble',
  queue: 'command',
  id,
  listid: list_id,
  trouble: 'refused-post',
  reply: '554 5.6.0',
  at: noon,
  ...more,
});

const subjects = async (): Promise<readonly string[]> =>
  (await office.arrived()).map(({ message }) => /^Subject: (.*)\r$/m.exec(message.toString())?.[1] ?? '');
const lastLine = (): unknown =>
  office.lines.map((line) => JSON.parse(line)).findLast(({ maillog }) => maillog === 'troubled');

it('tells owners and moderators once for a post and kind, and marks that the post was refused', async () => {
  const { list, record } = await post();
  const message = trouble(record);
  await Promise.all([runTrouble(message, ports), runTrouble({ ...message, reply: '552' }, ports)]);
  await runTrouble(message, ports);
  const [notice, ...others] = await office.arrived();
  expect(others).toEqual([]);
  expect([...(notice?.recipients ?? [])].sort()).toEqual(['mo@example.net', 'olga@example.net']);
  expect(notice?.message.toString()).toContain(`npx belfry post resend ${record.id} --missed\r\n`);
  expect((await ports.store.mails.get(record.id))?.refused?.at).toBe(noon);
  expect(lastLine()).toMatchObject({ maillog: 'troubled', id: record.id, list: list.list_id, told: true });

  const given = trouble(record, { trouble: 'given-up', reply: '451 4.7.1' });
  await runTrouble(given, ports);
  await runTrouble(given, ports);
  expect(await subjects()).toEqual([`A post to ${list.list_name}@example.com did not reach some members`]);
});

it('tells them once also when it dies before or after the notice, and marks the post in the end', async () => {
  for (const step of ['before', 'after'] as const) {
    const { record } = await post();
    const died = new Error('died');
    const send: typeof ports.queues.send = async (messages) => {
      if (step === 'after') await ports.queues.send(messages);
      throw died;
    };
    await expect(runTrouble(trouble(record), { ...ports, queues: { send } })).rejects.toBe(died);
    expect((await ports.store.mails.get(record.id))?.refused).toBeUndefined();
    await runTrouble(trouble(record), ports);
    expect(await office.arrived()).toHaveLength(1);
    expect((await ports.store.mails.get(record.id))?.refused).toEqual({ at: noon, reply: '554 5.6.0' });
  }
});

it('writes no notice about a notice', async () => {
  const { record } = await post();
  await runTrouble(trouble(record), ports);
  await office.arrived();
  const notices = office.lines.map((line) => JSON.parse(line)).filter(({ maillog }) => maillog === 'posted');
  const own: { readonly id: string; readonly list: string } = notices.at(-1);
  await runTrouble(trouble({ id: own.id, list_id: own.list }), ports);
  expect(await office.arrived()).toEqual([]);
  expect((await ports.store.mails.get(own.id))?.refused).toBeDefined();
  expect(lastLine()).toMatchObject({ maillog: 'troubled', id: own.id, told: false });
});

it('is done with it when the list or the record has gone', async () => {
  const { list, record } = await post();
  await runTrouble(trouble({ id: 'nothing', list_id: list.list_id }), ports);
  await ports.store.lists.remove(list.list_id);
  await runTrouble(trouble(record), ports);
  expect(await office.arrived()).toEqual([]);
  expect(lastLine()).toMatchObject({ maillog: 'troubled', id: record.id, told: false });
});
