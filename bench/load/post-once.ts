import type { Stack } from '../../test/harness/stack.ts';
import type { CountingSink } from './counting-sink.ts';
import { handIn } from './one-mail.ts';

/** The first of the members that `bench/stack/many-members.ts` makes: posts of others wait for a moderator. */
const sender = 'm0@example0.org';

/** A post of 4 KB that nobody has posted before. */
export const newPost = (address: string, number: string): string => {
  const line = `${'The bell is heard by everyone who belongs to the parish. '.repeat(2).slice(0, 70)}\r\n`;
  const head = [
    `From: Anne <${sender}>`,
    `To: ${address}`,
    `Subject: Post ${number}`,
    `Message-ID: <${number}.${process.pid}.${Date.now()}@bench.example>`,
    'Date: Fri, 20 Nov 2026 12:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    '',
  ].join('\r\n');
  return head + line.repeat(Math.floor((4096 - head.length) / line.length));
};

/** How one post went. */
export interface Posted {
  /** From the 250 of the gateway to the last delivery. */
  readonly seconds: number;
  readonly transactions: number;
}

/** One post, to whom it goes, and how late each reply of the relay comes. */
export interface OnePost {
  readonly address: string;
  readonly members: number;
  readonly mail: string;
  readonly delayMs?: number;
}

/** Sends one post through the whole stack; returns when it is delivered and the stack is idle. */
export const postOnce = async (
  stack: Stack,
  sink: CountingSink,
  { address, members, mail, delayMs = 0 }: OnePost,
): Promise<Posted> => {
  const { all } = await sink.expect(members, delayMs);
  const accepted = await handIn(stack.lmtpPort, sender, address, mail);
  const { delivered, transactions, at } = await all;
  await stack.idle(600_000);
  if (delivered !== members) throw new Error(`The sink counted ${delivered} copies for ${members} members`);
  return { seconds: Number(at - accepted) / 1e9, transactions };
};
