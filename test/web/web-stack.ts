import { randomUUID } from 'node:crypto';
import { systemClock } from '../../lib/clock/clock.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import type { Decision } from '../../lib/notices/decision.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { type Received, startRelay } from '../harness/relay.ts';
import { startStack } from '../harness/stack.ts';

/** What a mail says, with its lines unfolded and its quoted-printable lines joined. */
export const readable = ({ message }: Received): string =>
  message
    .toString()
    .replace(/\r\n[ \t]+(?=\S)/g, ' ')
    .replace(/=\r\n/g, '')
    .replace(/=3D/g, '=');

/** A whole local stack with a relay at its end, and what a test says of it in a few words. */
export const openWebStack = async (config: SiteOverrides = {}) => {
  const relay = await startRelay();
  const stack = await startStack({ relay: { host: '127.0.0.1', port: relay.port }, config });
  const { store, site, queues } = stack;
  let lists = 0;
  /** Somebody sends a mail to an address of a list. */
  const send = async (to: string, from: string, subject: string): Promise<void> => {
    const id = `<${randomUUID()}@example.org>`;
    const content = `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: ${id}\r\n\r\nHello all.\r\n`;
    await deliverLikeAnMta(() => stack.lmtpPort, from, [to], content);
    await stack.idle();
  };
  return {
    relay,
    stack,
    list: (settings: Readonly<Record<string, unknown>> = {}): Promise<MailingList> => {
      lists += 1;
      return createList(`ant${lists}@example.com`, { store, site, clock: systemClock }, { settings });
    },
    member: async ({ list_id }: MailingList, email: string, role: 'member' | 'owner' = 'member') => {
      const subscribed_at = new Date().toISOString();
      await store.members.add({
        member_id: randomUUID(),
        list_id,
        role,
        email,
        display_name: '',
        subscribed_at,
      });
    },
    /** Somebody asks to join, as a mail to -join does. */
    wishToJoin: async ({ list_id }: MailingList, email: string): Promise<void> => {
      const at = new Date().toISOString();
      const wish = { deed: 'join', email, by: email, at } as const;
      await queues.send([
        { v: 1, type: 'subscription', queue: 'command', id: randomUUID(), listid: list_id, ...wish },
      ]);
      await stack.idle();
    },
    send,
    /** Somebody posts. */
    post: (list: MailingList, from: string, subject: string) => send(postingAddress(list), from, subject),
    /** The latest mail to an address. */
    mailTo: (address: string): string => {
      const found = relay.received.findLast(({ recipients }) => recipients.includes(address));
      if (found === undefined) throw new Error(`Nothing came for ${address}`);
      return readable(found);
    },
    /** The link to a kind of page in a text. */
    linkIn: (text: string, path: string): string => {
      const found = new RegExp(`${stack.webUrl}/${path}/[\\w.-]+`).exec(text)?.[0];
      if (found === undefined) throw new Error(`There is no link to /${path} in:\n${text}`);
      return found;
    },
    /** The link to the page of a decision in a mail to moderators. */
    decisionIn: (text: string, decision: Decision): string => {
      const name = `${decision.slice(0, 1).toUpperCase()}${decision.slice(1)}`;
      const found = new RegExp(`\\b${name}:\\s+(${stack.webUrl}/(?:post|request)/[\\w.-]+)`).exec(text)?.[1];
      if (found === undefined) throw new Error(`There is no link to ${decision} it in:\n${text}`);
      return found;
    },
    close: async (): Promise<void> => {
      await stack.stop();
      await relay.close();
    },
  };
};
