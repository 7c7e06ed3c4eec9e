import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../lib/clock/clock.ts';
import { createList } from '../../lib/lists/create.ts';
import { addMembers } from '../../lib/members/add-members.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { type Received, startRelay, type TestRelay } from '../harness/relay.ts';
import { type SesControl, sesControl } from '../harness/ses-stub.ts';
import { type Stack, startStack } from '../harness/stack.ts';

// What goes out through Amazon SES beside posts, and what comes back from those who read them there.

const listAddress = 'ant@lists.example.com';
const members = ['anne@example.org', 'bart@example.org'] as const;
const owners = ['olga@example.org', 'otto@example.org'] as const;

let relay: TestRelay;
let stack: Stack;
let ses: SesControl;

beforeAll(async () => {
  relay = await startRelay();
  stack = await startStack({
    config: { delivery: { transport: 'ses' }, ses: { domains: ['lists.example.com'] } },
    relay: { host: '127.0.0.1', port: relay.port },
  });
  ses = sesControl(stack.ses?.control ?? '');
  await ses.account({ max_send_rate: 200 });
  const { store, site } = stack;
  const settings = { dmarc_mitigate_action: 'no_mitigation', max_message_size: 0 };
  const list = await createList(listAddress, { store, site, clock: systemClock }, { settings });
  await addMembers({ store, clock: systemClock }, list, members);
  await addMembers({ store, clock: systemClock }, list, owners, { role: 'owner' });
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await relay.close();
});

const sentSchema = z.array(
  z.object({ source: z.string(), destinations: z.array(z.string()), configurationSet: z.string() }),
);

/** As whom SES was asked to send to each recipient since. */
const sourcesSince = async (before: number): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    sentSchema
      .parse(await ses.mails())
      .slice(before)
      .map(({ source, destinations }) => [destinations.join(' '), source]),
  );

const sentSoFar = async (): Promise<number> => sentSchema.parse(await ses.mails()).length;

/** Sends a mail to an address of the list, waits until nothing is under way any more, and gives what arrived, by recipient. */
const send = async (
  from: string,
  to: string,
  lines: readonly string[],
  body = 'Hello.\r\n',
): Promise<ReadonlyMap<string, string>> => {
  const before = relay.received.length;
  const header = [`From: ${from}`, `To: ${to}`, ...lines].join('\r\n');
  const sender = /<(.*)>/.exec(from)?.[1] ?? from;
  await deliverLikeAnMta(() => stack.lmtpPort, sender, [to], `${header}\r\n\r\n${body}`);
  await stack.idle(60_000);
  return new Map(relay.received.slice(before).map((one) => [one.recipients.join(' '), textOf(one)]));
};

const textOf = ({ message }: Received): string => message.toString('latin1');

/** A field of a mail, unfolded. */
const fieldOf = (text: string | undefined, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\\r$`, 'im').exec(
    (text?.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ').concat('\r'),
  )?.[1];

const shunted = async (): Promise<readonly string[]> => {
  const reasons: string[] = [];
  for await (const { reason } of stack.store.shunt.ls()) reasons.push(reason);
  return reasons;
};

describe('an answer to a copy that SES sent', () => {
  it('names the post that the others know, in In-Reply-To and in References', async () => {
    const copies = await send('anne@example.org', listAddress, [
      'Subject: Moving day',
      'Message-ID: <moving@example.org>',
    ]);
    const given = fieldOf(copies.get('bart@example.org'), 'Message-ID') ?? '';
    expect(given).toMatch(/^<0100\S+@email\.amazonses\.com>$/);
    expect(fieldOf(copies.get('bart@example.org'), 'References')).toBe('<moving@example.org>');

    // Some programs send no References: then only what was remembered can tell.
    const bare = await send('bart@example.org', listAddress, [
      'Subject: Re: Moving day',
      'Message-ID: <bare@example.org>',
      `In-Reply-To: ${given}`,
    ]);
    expect(fieldOf(bare.get('anne@example.org'), 'In-Reply-To')).toBe('<moving@example.org>');

    const full = await send('bart@example.org', listAddress, [
      'Subject: Re: Moving day',
      'Message-ID: <full@example.org>',
      `In-Reply-To: ${given}`,
      `References: <moving@example.org> ${given}`,
    ]);
    expect(fieldOf(full.get('anne@example.org'), 'In-Reply-To')).toBe('<moving@example.org>');
    expect(fieldOf(full.get('anne@example.org'), 'References')).toBe(
      '<moving@example.org> <full@example.org>',
    );
  }, 60_000);
});

describe('a post that SES would not carry', () => {
  it('goes back to its author with the reason, and not with itself', async () => {
    const line = `${'x'.repeat(76)}\r\n`;
    const back = await send(
      'anne@example.org',
      listAddress,
      ['Subject: All my pictures', 'Message-ID: <pictures@example.org>'],
      line.repeat(Math.ceil(10_300_000 / line.length)),
    );
    expect([...back.keys()]).toEqual(['anne@example.org']);
    const text = back.get('anne@example.org') ?? '';
    expect(text.replace(/\r\n/g, ' ')).toContain(
      'The message has 9.8 MB; more than 9.75 MB cannot be delivered.',
    );
    expect(fieldOf(text, 'From')).toContain('<ant-owner@lists.example.com>');
    // Its header tells which one it was.
    expect(text).toContain('\r\nMessage-ID: <pictures@example.org>\r\n');
    expect(text.length).toBeLessThan(20_000);
  }, 120_000);
});

describe('mail that is no post', () => {
  it('to the owners is from the owners’ address in the name of its author, never from the list', async () => {
    const before = await sentSoFar();
    const copies = await send('Stan <stan@elsewhere.example>', 'ant-owner@lists.example.com', [
      'Subject: A question',
      'Message-ID: <question@elsewhere.example>',
      'DKIM-Signature: v=1; d=elsewhere.example; b=x',
      'Sender: secretary@elsewhere.example',
    ]);
    expect([...copies.keys()].toSorted()).toEqual([...owners]);
    for (const text of copies.values()) {
      expect(fieldOf(text, 'From')).toMatch(/^"?Stan via \S+"? <ant-owner@lists\.example\.com>$/);
      expect(fieldOf(text, 'Reply-To')).toContain('stan@elsewhere.example');
      expect(fieldOf(text, 'Sender')).toBeUndefined();
      expect(fieldOf(text, 'DKIM-Signature')).toBeUndefined();
    }
    for (const source of Object.values(await sourcesSince(before))) {
      expect(source).toBe('ant-bounces@lists.example.com');
    }
  }, 60_000);

  it('such as notices speaks as an address of the list that is not the list’s own, and is sent as -bounces', async () => {
    const before = await sentSoFar();
    // A stranger's post is held: the author is told, and so are the owners.
    const copies = await send('stan@elsewhere.example', listAddress, [
      'Subject: Buy this',
      'Message-ID: <buy@elsewhere.example>',
    ]);
    expect([...copies.keys()].toSorted()).toEqual([...owners, 'stan@elsewhere.example']);
    for (const text of copies.values()) {
      expect(fieldOf(text, 'From')).toMatch(
        /<ant-(owner|bounces)@lists\.example\.com>$|^ant-(owner|bounces)@/,
      );
    }
    expect(new Set(Object.values(await sourcesSince(before)))).toEqual(
      new Set(['ant-bounces@lists.example.com']),
    );
    expect(await shunted()).toEqual([]);
  }, 60_000);
});
