import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrivedKey } from '../../lib/blobs/keys.ts';
import type { HeldMail } from '../../lib/held/held-mail.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import type { MailMessage } from '../../lib/queue/messages.ts';
import { runCommand } from '../../lib/runners/command.ts';
import { type CommandWorld, openCommandWorld } from './command-world.ts';

let world: CommandWorld;
let list: MailingList;
let held: HeldMail;
beforeAll(async () => {
  world = await openCommandWorld();
});
beforeEach(async () => {
  list = await world.list({ moderator_password: 'secret words' });
  held = await world.hold(list);
  await world.receive('pipeline');
  await world.receive('command');
});
afterAll(() => world.close());

const moderator = 'olga@example.org';

/** What a mail is, beside its text. */
interface Letter {
  readonly to?: 'confirm' | 'request' | 'join';
  /** What follows the delimiter in the envelope recipient; nothing is in it when this is null. */
  readonly detail?: string | null;
  readonly sender?: string;
  readonly headers?: readonly string[];
  readonly text?: string;
  readonly arrived?: string;
}

/** A mail to the list as the gateway puts it on `command`. */
const letter = async ({
  to = 'confirm',
  detail = held.token,
  sender = moderator,
  headers = [],
  text = 'Hello\r\n',
  arrived = new Date().toISOString(),
}: Letter = {}): Promise<MailMessage> => {
  const id = randomUUID();
  const bytes = Buffer.from([`From: ${moderator}`, ...headers, '', text].join('\r\n'));
  await world.blobs.put(arrivedKey(id), bytes);
  const tail = detail === null ? '' : `+${detail}`;
  return {
    v: 1,
    type: 'mail',
    queue: 'command',
    id,
    listid: list.list_id,
    blob: arrivedKey(id),
    messageId: `<${id}@example.org>`,
    envelope: {
      sender,
      recipient: `${list.list_name}-${to}${tail}@example.com`,
      ...(detail === null ? {} : { detail }),
    },
    metadata: { original_size: bytes.length, received_time: arrived, to_request: true, subaddress: to },
  };
};

/** What a mail makes Belfry wish about the held mail. */
const wished = async (message: MailMessage): Promise<string | undefined> => {
  await runCommand(message, world.ports);
  const sent = await world.receive('command');
  expect(sent.length).toBeLessThan(2);
  const [wish] = sent;
  if (wish === undefined) return undefined;
  expect(wish).toMatchObject({ type: 'moderation', id: held.mail_id, by: moderator, wish: message.id });
  return wish.type === 'moderation' ? wish.deed : undefined;
};

const bare = { to: 'request', detail: null } as const;
const subject = (text: string) => ({ ...bare, headers: [`Subject: ${text}`] });

describe('an answer to a moderation request', () => {
  it('discards without a password, by the token of the envelope recipient', async () => {
    const message = await letter();
    expect(await wished(message)).toBe('discard');
    expect(await world.recordOf(message.id)).toMatchObject({
      disposition: 'done',
      reason: `It discards the held mail ${held.request_id}.`,
    });
  });

  it('may come through a mail server that writes addresses in small letters', async () => {
    expect(await wished(await letter({ detail: held.token.toUpperCase() }))).toBe('discard');
  });

  it.each<[string, (token: string) => Letter]>([
    ['in its subject', (token) => subject(`confirm ${token}`)],
    ['in the subject of a reply', (token) => subject(`Re: AW: confirm ${token}`)],
    ['in its subject, in quotes and with a dot', (token) => subject(`Re: "confirm ${token}".`)],
    ['in its text', (token) => ({ ...bare, text: `confirm ${token}\r\n` })],
    ['quoted', (token) => ({ ...bare, text: `No.\r\n\r\n> > confirm ${token}\r\n` })],
    ['in a quoted subject', (token) => ({ ...bare, text: `No.\r\n> Subject: confirm ${token}\r\n` })],
    [
      'in To, when the envelope has none',
      (token) => ({ detail: null, headers: [`To: ${list.list_name}-confirm+${token}@example.com`] }),
    ],
  ])('to -request or -confirm may have the token %s', async (_, of) => {
    expect(await wished(await letter(of(held.token)))).toBe('discard');
  });

  it.each([
    ['Approved', 'a header'],
    ['Approve', 'a header'],
    ['X-Approved', 'a header'],
    ['x-approve', 'a header'],
    ['Approved', 'its first line'],
  ])('accepts with the password in %s as %s', async (name, where) => {
    const line = `${name}: secret words`;
    const given = where === 'a header' ? { headers: [line] } : { text: `\r\n${line}\r\nPlease.\r\n` };
    expect(await wished(await letter(given))).toBe('accept');
  });

  it('does nothing with a wrong password, and says so to whoever sent it, once', async () => {
    const message = await letter({ headers: ['Approved: wrong'] });
    expect(await wished(message)).toBeUndefined();
    await runCommand(message, world.ports);
    expect(await world.recordOf(message.id)).toMatchObject({ disposition: 'discarded' });
    const notices = await world.notices();
    expect(new Set(notices.map(({ text }) => text)).size).toBe(1);
    expect(notices[0]).toMatchObject({ to: [moderator], subject: 'The results of your email commands' });
    expect(notices[0]?.text).toContain('Nothing was done');
    expect(await world.store.held.get(list.list_id, held.request_id)).toEqual(held);
  });

  it('with a password accepts nothing on a list that has none', async () => {
    list = await world.list();
    held = await world.hold(list);
    expect(await wished(await letter({ headers: ['Approved: '] }))).toBeUndefined();
    expect(await wished(await letter({ headers: ['Approved: secret words'] }))).toBeUndefined();
  });

  it('is looked at for a password ten times an hour, and after that not even the right one counts', async () => {
    const arrived = '2026-03-01T10:59:59.000Z';
    const wrong = { headers: ['Approved: wrong'], arrived };
    for (let n = 0; n < 10; n += 1) expect(await wished(await letter(wrong))).toBeUndefined();
    await world.notices();
    const right = { headers: ['Approved: secret words'] };
    const late = await letter({ ...right, arrived });
    expect(await wished(late)).toBeUndefined();
    expect((await world.recordOf(late.id)).reason).toContain('too many were tried');
    expect(await world.notices()).toEqual([]);
    expect(await wished(await letter({ ...right, arrived: '2026-03-01T11:00:00.000Z' }))).toBe('accept');
  });

  it.each<[string, Letter]>([
    ['the null sender', { sender: '' }],
    ['Auto-Submitted', { headers: ['Auto-Submitted: auto-replied (vacation)'] }],
    ['Precedence bulk', { headers: ['Precedence: Bulk'] }],
    ['Precedence junk', { headers: ['precedence: junk'] }],
    ['Precedence list', { headers: ['Precedence: list'] }],
    ['a report', { headers: ['Content-Type: multipart/report; boundary=x'] }],
    ['X-Autoreply', { headers: ['X-Autoreply: yes'] }],
    ['X-Autorespond', { headers: ['X-Autorespond: Re: Eggs'] }],
  ])('decides nothing when it is automatic, by %s, and uses up nothing', async (_, given) => {
    const message = await letter({ ...given, headers: [...(given.headers ?? []), 'Approved: wrong'] });
    expect(await wished(message)).toBeUndefined();
    expect(await world.recordOf(message.id)).toMatchObject({
      disposition: 'discarded',
      command: { result: 'automatic' },
    });
    expect(await world.notices()).toEqual([]);
    expect(await wished(await letter({ headers: ['Auto-Submitted: no'] }))).toBe('discard');
  });

  it('means the same when it comes again, also when the held mail is gone', async () => {
    const message = await letter({ headers: ['Approved: secret words'] });
    expect(await wished(message)).toBe('accept');
    await world.store.held.remove(list.list_id, held.request_id);
    expect(await wished(message)).toBe('accept');
  });

  it('is none when its token is unknown, of another list, or missing, or it goes elsewhere', async () => {
    const foreign = await world.hold(await world.list());
    for (const given of [
      { detail: 'f'.repeat(40) },
      { detail: foreign.token },
      { detail: null },
      subject('help'),
      { to: 'join', detail: held.token, sender: 'someone@example.org' } as const,
    ]) {
      const message = await letter(given);
      await runCommand(message, world.ports);
      expect((await world.receive('command')).filter(({ type }) => type === 'moderation')).toEqual([]);
      expect((await world.recordOf(message.id)).command).toMatchObject({ verb: 'commands' });
    }
    expect(await world.store.held.get(list.list_id, held.request_id)).toEqual(held);
  });
});
