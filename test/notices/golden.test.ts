import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { MailingList } from '../../lib/lists/list.ts';
import { roles } from '../../lib/members/member.ts';
import { tellDeliveryTrouble } from '../../lib/notices/delivery-trouble.ts';
import { forwardHeld } from '../../lib/notices/forward.ts';
import { sendHoldEnded } from '../../lib/notices/hold-ended.ts';
import { sendHoldNotice } from '../../lib/notices/hold-notice.ts';
import { sendModerationRequest } from '../../lib/notices/moderation-request.ts';
import { sendRefusal } from '../../lib/notices/refusal.ts';
import { sendRejection } from '../../lib/notices/rejection.ts';
import { sendRequestWaiting } from '../../lib/notices/request-waiting.ts';
import { requestKinds, requestSchema } from '../../lib/subscriptions/request.ts';
import { noticeLinks } from '../../lib/web/notice-links.ts';
import type { Received } from '../harness/relay.ts';
import { noon, openPostOffice, type PostOffice } from './post-office.ts';

const directory = join(import.meta.dirname, 'golden');
const cases = readdirSync(directory, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const caseSchema = z.strictObject({
  sends: z.enum([
    'hold',
    'moderation-request',
    'rejection',
    'refusal',
    'forward',
    'hold-ended',
    'refused-post',
    'given-up',
    'request-waiting',
  ]),
  /** Whether the site has web pages. */
  web: z.boolean().default(false),
  /** What a request that waits is for. */
  wish: z.enum(requestKinds).default('join'),
  reply: z.string().default(''),
  settings: z.record(z.string(), z.unknown()).default({}),
  administrators: z.record(z.string(), z.enum(roles)).default({}),
  sender: z.string().default('anne@example.org'),
  reasons: z.array(z.string()).default([]),
  template: z.strictObject({ name: z.string(), text: z.string() }).optional(),
  /** How many posts of the same author were held on the same day. */
  held_before: z.number().default(0),
  comment: z.string().optional(),
  addresses: z.array(z.string()).default([]),
});
type Case = z.infer<typeof caseSchema>;

/** The id of the mail is given, so that the ids that follow from it do not change when another case is added. */
const send = async (
  given: Case,
  id: string,
  list: MailingList,
  bytes: Buffer,
  office: PostOffice,
): Promise<void> => {
  const url = given.web ? 'https://lists.example.com' : undefined;
  const links = noticeLinks({ url, key: async () => Buffer.alloc(32, 7), clock: office.ports.clock });
  const ports = { ...office.ports, links };
  const { reasons, comment, addresses, sender } = given;
  if (given.sends === 'rejection') {
    const record = await office.reject(list, { bytes, reasons, sender });
    return sendRejection({ ...record, id }, list, ports);
  }
  if (given.sends === 'refused-post' || given.sends === 'given-up') {
    const record = await office.reject(list, { bytes, sender });
    const trouble = { trouble: given.sends, reply: given.reply, at: noon };
    return tellDeliveryTrouble(trouble, { ...record, id }, list, ports);
  }
  if (given.sends === 'request-waiting') {
    return sendRequestWaiting(
      requestSchema.parse({
        list_id: list.list_id,
        kind: given.wish,
        email: sender,
        display_name: 'Anne Person',
        token: 'b3lfry',
        state: 'moderating',
        cause: id,
        by: sender,
        created_at: noon,
        changed_at: noon,
        expires_at: '2027-05-19T12:00:00.000Z',
        member_id: 'anne',
      }),
      list,
      ports,
    );
  }
  const held = {
    ...(await office.hold(list, { bytes, reasons, sender })),
    mail_id: id,
    request_id: 7,
    token: 'b3lfry',
  };
  switch (given.sends) {
    case 'hold':
      return sendHoldNotice(held, list, ports);
    case 'moderation-request':
      return sendModerationRequest(held, list, ports);
    case 'refusal':
      return sendRefusal(held, list, comment, ports);
    case 'forward':
      return forwardHeld(held, list, addresses, ports);
    case 'hold-ended':
      return sendHoldEnded(held, list, ports);
  }
};

/** A transaction as one can read it; the mail's bytes are as they are. */
const transaction = ({ sender, recipients, message }: Received): Buffer =>
  Buffer.concat([
    Buffer.from(
      [`MAIL FROM:<${sender}>`, ...recipients.map((one) => `RCPT TO:<${one}>`), 'DATA', ''].join('\r\n'),
    ),
    message,
    Buffer.from('.\r\n'),
  ]);

describe('a notice as it arrives, byte for byte', () => {
  let office: PostOffice;
  beforeAll(async () => {
    office = await openPostOffice();
  });
  afterAll(() => office.close());

  it.each(cases)('%s', async (name) => {
    const file = (base: string) => join(directory, name, base);
    const given = caseSchema.parse(JSON.parse(readFileSync(file('notice.json'), 'utf8')));
    const bytes = readFileSync(file('in.eml'));
    await office.ports.store.lists.remove('ant.example.com');
    const list = await office.list(given.settings, 'ant');
    for (const [email, role] of Object.entries(given.administrators)) {
      await office.administrator(list, email, role);
    }
    const { template } = given;
    if (template !== undefined) await office.ports.store.templates.set('site', template.name, template.text);
    for (let count = 0; count < given.held_before; count += 1)
      await send(given, `${name}-${count}`, list, bytes, office);
    await office.arrived();
    await send(given, name, list, bytes, office);
    const arrived = Buffer.concat((await office.arrived()).map(transaction));
    if (template !== undefined) await office.ports.store.templates.remove('site', template.name);
    for (const [email, role] of Object.entries(given.administrators)) {
      await office.ports.store.members.remove(list.list_id, role, email);
    }
    // BELFRY_WRITE_GOLDENS=1 writes what is now; the change is then read in the diff.
    if (process.env.BELFRY_WRITE_GOLDENS === '1') writeFileSync(file('arrives.smtp'), arrived);
    expect(arrived.toString('latin1')).toBe(readFileSync(file('arrives.smtp')).toString('latin1'));
  });
});
