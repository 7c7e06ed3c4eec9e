import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeldMail } from '../../lib/held/held-mail.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { forwardHeld } from '../../lib/notices/forward.ts';
import { sendHoldEnded } from '../../lib/notices/hold-ended.ts';
import { sendHoldNotice } from '../../lib/notices/hold-notice.ts';
import { sendModerationRequest } from '../../lib/notices/moderation-request.ts';
import { sendRefusal } from '../../lib/notices/refusal.ts';
import type { RejectionPorts } from '../../lib/notices/rejection.ts';
import { sendRejection } from '../../lib/notices/rejection.ts';
import { metadataSchema } from '../../lib/queue/messages.ts';
import { openPostOffice, type PostOffice, type Sent } from './post-office.ts';

const mail = (fields = ''): Buffer =>
  Buffer.from(`From: anne@example.org\r\nSubject: hello\r\nMessage-ID: <a@b.c>\r\n${fields}\r\nbody\r\n`);

let office: PostOffice;
beforeAll(async () => {
  office = await openPostOffice();
});
afterAll(() => office.close());

const subjects = async (): Promise<readonly string[]> =>
  (await office.arrived()).map(({ message }) => /^Subject: (.*)\r$/m.exec(message.toString())?.[1] ?? '');
const recipients = async (): Promise<readonly string[]> =>
  (await office.arrived()).flatMap((one) => one.recipients).sort();

describe('each notice', () => {
  const senders: readonly (readonly [string, (held: HeldMail, list: MailingList) => Promise<void>])[] = [
    ['hold notice', (held, list) => sendHoldNotice(held, list, office.ports)],
    ['moderation request', (held, list) => sendModerationRequest(held, list, office.ports)],
    ['refusal', (held, list) => sendRefusal(held, list, 'No.', office.ports)],
    ['forward', (held, list) => forwardHeld(held, list, ['zoe@example.net'], office.ports)],
    ['end of a hold', (held, list) => sendHoldEnded(held, list, office.ports)],
  ];

  it.each(senders)('goes out once, sent twice at once and again later: %s', async (_, send) => {
    const list = await office.list();
    const held = await office.hold(list, { bytes: mail() });
    await Promise.all([send(held, list), send(held, list)]);
    expect(await office.arrived()).toHaveLength(1);
    await send(held, list);
    expect(await office.arrived()).toHaveLength(0);
    const other = await office.hold(list, { bytes: mail() });
    await send(other, list);
    expect(await office.arrived()).toHaveLength(1);
  });

  it('goes out once, sent twice at once and again later: rejection', async () => {
    const list = await office.list();
    const record = await office.reject(list, { bytes: mail() });
    await Promise.all([sendRejection(record, list, office.ports), sendRejection(record, list, office.ports)]);
    await sendRejection(record, list, office.ports);
    expect(await office.arrived()).toHaveLength(1);
    await sendRejection(record, list, office.ports);
    expect(await office.arrived()).toHaveLength(0);
  });

  it('is one notice also when an owner comes between two tries', async () => {
    const list = await office.list();
    await office.administrator(list, 'olga@example.net');
    const held = await office.hold(list, { bytes: mail() });
    await sendModerationRequest(held, list, office.ports);
    await office.administrator(list, 'omar@example.net');
    await sendModerationRequest(held, list, office.ports);
    expect(await recipients()).toEqual(['olga@example.net']);
  });
});

describe('a function that dies while it sends a notice', () => {
  const died = new Error('died');
  const steps = ['the bytes', 'the record', 'the message'] as const;
  /** The ports of a function that ends before or after one of its three steps. */
  const dying = (step: (typeof steps)[number], when: 'before' | 'after'): RejectionPorts => {
    const { ports } = office;
    const around = async <T>(here: (typeof steps)[number], act: () => Promise<T>): Promise<T> => {
      if (here === step && when === 'before') throw died;
      const done = await act();
      if (here === step) throw died;
      return done;
    };
    return {
      ...ports,
      blobs: { ...ports.blobs, put: (key, body) => around('the bytes', () => ports.blobs.put(key, body)) },
      store: {
        ...ports.store,
        mails: {
          ...ports.store.mails,
          commit: (record, expires) => around('the record', () => ports.store.mails.commit(record, expires)),
        },
      },
      queues: { send: (messages) => around('the message', () => ports.queues.send(messages)) },
    };
  };

  it.each(steps.flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const]))(
    'has sent it once when it is done again: %s, %s',
    async (step, when) => {
      const list = await office.list();
      const held = await office.hold(list, { bytes: mail() });
      await expect(sendHoldNotice(held, list, dying(step, when))).rejects.toBe(died);
      await sendHoldNotice(held, list, office.ports);
      expect(await subjects()).toEqual([expect.stringContaining('awaits approval')]);
    },
  );
});

describe('who is told', () => {
  it('owners and moderators with delivery enabled are asked, each once', async () => {
    const list = await office.list();
    await office.administrator(list, 'olga@example.net');
    await office.administrator(list, 'Olga@example.net', 'moderator');
    await office.administrator(list, 'mo@example.net', 'moderator');
    await office.administrator(list, 'off@example.net', 'owner', 'by_user');
    await office.administrator(list, 'member@example.net', 'member');
    await sendModerationRequest(await office.hold(list, { bytes: mail() }), list, office.ports);
    expect(await recipients()).toEqual(['mo@example.net', 'olga@example.net']);
  });

  it('the site owner is asked when nobody else can be', async () => {
    const list = await office.list();
    await office.administrator(list, 'off@example.net', 'owner', 'by_user');
    await sendModerationRequest(await office.hold(list, { bytes: mail() }), list, office.ports);
    expect(await recipients()).toEqual(['postmaster@example.com']);
  });

  it('lists that want no hold notices or no requests send none', async () => {
    const list = await office.list({ respond_to_post_requests: false, admin_immed_notify: false });
    const held = await office.hold(list, { bytes: mail() });
    await sendHoldNotice(held, list, office.ports);
    await sendModerationRequest(held, list, office.ports);
    expect(await office.arrived()).toHaveLength(0);
  });

  it('the author of a post that came from Usenet is not told', async () => {
    const list = await office.list();
    const held = await office.hold(list, { bytes: mail() });
    const metadata = metadataSchema.parse({ ...held.metadata, fromusenet: true });
    await sendHoldNotice({ ...held, metadata }, list, office.ports);
    expect(await office.arrived()).toHaveLength(0);
  });

  it('a forward goes to each address once, and not to what is none', async () => {
    const list = await office.list();
    const held = await office.hold(list, { bytes: mail() });
    await forwardHeld(
      held,
      list,
      ['a@example.net', ' A@example.net', 'nobody', 'b@example.net'],
      office.ports,
    );
    expect(await recipients()).toEqual(['A@example.net', 'b@example.net']);
  });
});

describe('nobody is answered', () => {
  it.each<readonly [string, Partial<Sent>]>([
    ['a mail from the null sender', { from: '' }],
    ['a mail without a sender', { sender: '', from: 'x@example.org' }],
    ['an automatic mail', { bytes: mail('Auto-Submitted: auto-generated\r\n') }],
    ['a mail with Precedence in capitals', { bytes: mail('PRECEDENCE: Bulk\r\n') }],
    ['a mail from our no-reply address', { sender: 'noreply@example.com' }],
  ])('%s', async (_, more) => {
    const list = await office.list();
    const held = await office.hold(list, { bytes: mail(), ...more });
    office.lines.length = 0;
    await sendHoldNotice(held, list, office.ports);
    await sendRefusal(held, list, 'No.', office.ports);
    const bytes = more.sender === '' ? Buffer.from('Subject: x\r\n\r\nbody\r\n') : (more.bytes ?? mail());
    const from = more.sender === '' ? '' : (more.from ?? more.sender ?? 'anne@example.org');
    await sendRejection(await office.reject(list, { bytes, from }), list, office.ports);
    expect(await office.arrived()).toHaveLength(0);
    expect(office.lines.filter((line) => line.includes('"unanswered"'))).toHaveLength(3);
  });

  it.each(['', '-bounces', '-owner', '-confirm', '-request', '-bounces+verp=example.org'])(
    'a mail from LIST%s of another list of ours',
    async (suffix) => {
      const list = await office.list();
      const other = await office.list();
      const sender = `${other.list_name}${suffix}@${other.mail_host}`;
      await sendHoldNotice(await office.hold(list, { bytes: mail(), sender }), list, office.ports);
      expect(await office.arrived()).toHaveLength(0);
    },
  );

  it('whose mail is gone, because everything was said then', async () => {
    const list = await office.list();
    const held = { ...(await office.hold(list, { bytes: mail() })), blob: 'kept/held/gone' };
    await sendHoldNotice(held, list, office.ports);
    await sendModerationRequest(held, list, office.ports);
    await forwardHeld(held, list, ['zoe@example.net'], office.ports);
    expect(await office.arrived()).toHaveLength(0);
  });
});

describe('an author with many posts in a day', () => {
  const holds = async (list: MailingList, count: number, more = {}): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const held = await office.hold(list, { bytes: mail(), sender: 'busy@example.org' });
      await sendHoldNotice({ ...held, ...more }, list, office.ports);
    }
  };

  it('gets ten notices, one that there are no more, and then nothing until tomorrow', async () => {
    const list = await office.list();
    await holds(list, 12);
    const got = await subjects();
    expect(got.filter((subject) => subject.includes('awaits approval'))).toHaveLength(10);
    expect(got.filter((subject) => subject.includes('no more notices today'))).toHaveLength(1);
    expect(got).toHaveLength(11);
    await holds(list, 1);
    expect(await subjects()).toEqual([]);
    await holds(list, 1, { hold_date: '2026-11-21T00:00:01.000Z' });
    expect(await subjects()).toEqual([expect.stringContaining('awaits approval')]);
  });

  it('is counted for each list, and a notice that is sent again is not counted again', async () => {
    const list = await office.list();
    await holds(list, 9);
    const held = await office.hold(list, { bytes: mail(), sender: 'BUSY@example.org' });
    for (let index = 0; index < 5; index += 1) await sendHoldNotice(held, list, office.ports);
    expect(await subjects()).toHaveLength(10);
    await holds(await office.list(), 1);
    expect(await subjects()).toEqual([expect.stringContaining('awaits approval')]);
  });

  it('gets every notice on a site without a limit', async () => {
    const unlimited = await openPostOffice({ mta: { max_autoresponses_per_day: 0 } });
    try {
      const list = await unlimited.list();
      for (let index = 0; index < 12; index += 1) {
        await sendHoldNotice(await unlimited.hold(list, { bytes: mail() }), list, unlimited.ports);
      }
      const got = await unlimited.arrived();
      expect(got).toHaveLength(12);
      expect(got.every(({ message }) => message.includes('awaits approval'))).toBe(true);
    } finally {
      await unlimited.close();
    }
  });
});
