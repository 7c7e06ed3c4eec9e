import type { HeldMail } from '../../lib/held/held-mail.ts';
import { wishAbout } from '../../lib/held/wish-about.ts';
import type { ModerationMessage } from '../../lib/queue/messages.ts';
import type { Stack } from '../harness/stack.ts';
import { deliverLikeAnMta } from './mta.ts';
import { makeList } from './scenarios.ts';
import type { Scenario } from './sweep.ts';

const author = (run: string): string => `stranger-${run}@example.org`;
const member = (run: string): string => `member-${run}@example.org`;
const owner = (run: string): string => `owner-${run}@example.org`;

/**
 * The key by which links are signed is there before the first run, and each process reads it once: so every run begins in a new one, and its calls are always
 * the same.
 */
const everyRun = {
  setUp: async (stack: Stack): Promise<void> => {
    await stack.store.secrets.key('web');
  },
  fresh: 'incoming',
} as const;

/** A list with a member and an owner. */
const prepare = async (stack: Stack, run: string): Promise<void> => {
  await makeList(stack, run, 'member', [member(run)]);
  await stack.store.members.add({
    member_id: `owner-${run}`,
    list_id: `${run}.example.com`,
    role: 'owner',
    email: owner(run),
    display_name: '',
    subscribed_at: new Date().toISOString(),
  });
};

/** A stranger writes to the list; gives the held mail when everybody was told, and nothing is under way any more. */
const hold = async (stack: Stack, run: string): Promise<HeldMail> => {
  const to = `${run}@example.com`;
  const mail = [
    `From: ${author(run)}`,
    `To: ${to}`,
    `Subject: ${run}`,
    `Message-ID: <${run}@example.org>`,
    '',
    'Hello',
    '',
  ];
  await deliverLikeAnMta(() => stack.lmtpPort, author(run), [to], mail.join('\r\n'));
  await stack.idle();
  for await (const held of stack.store.held.ls(`${run}.example.com`)) return held;
  throw new Error(`The mail to ${to} is not held`);
};

/** What a moderator wishes, as the command line sends it. */
const wish = (held: HeldMail, over: Pick<ModerationMessage, 'deed' | 'by'>): ModerationMessage =>
  wishAbout(held, { wish: `wish of ${held.mail_id}`, ...over });

const decided =
  (deed: ModerationMessage['deed']): Scenario['act'] =>
  async (stack, run) => {
    const held = await hold(stack, run);
    await stack.queues.send([wish(held, { deed, by: owner(run) })]);
  };

/** A stranger's post is held, and accepted: author and owner are told that it waits, and the member gets it. */
export const acceptedPost: Scenario = {
  name: 'held-accepted',
  ...everyRun,
  prepare,
  act: decided('accept'),
  copies: (run) =>
    new Map([
      [author(run), 1],
      [owner(run), 1],
      [member(run), 1],
    ]),
};

/** It is held, and rejected: its author is told twice, that it waits and that it was refused. */
export const rejectedPost: Scenario = {
  name: 'held-rejected',
  ...everyRun,
  prepare,
  act: decided('reject'),
  copies: (run) =>
    new Map([
      [author(run), 2],
      [owner(run), 1],
      [member(run), 0],
    ]),
};

/** Nobody decides until the hold is over: the owner is told twice, that it waits and that it was dropped. */
export const expiredPost: Scenario = {
  name: 'held-expired',
  ...everyRun,
  prepare,
  act: async (stack, run) => {
    const held = await hold(stack, run);
    await stack.queues.send([wish(held, { deed: 'discard', by: 'expired' })]);
  },
  copies: (run) =>
    new Map([
      [author(run), 1],
      [owner(run), 2],
      [member(run), 0],
    ]),
};

/** The owner answers the moderation request without a password, and so discards the post. */
export const answeredRequest: Scenario = {
  name: 'held-answered',
  ...everyRun,
  prepare,
  act: async (stack, run) => {
    const held = await hold(stack, run);
    const to = `${run}-confirm+${held.token}@example.com`;
    const mail = `From: ${owner(run)}\r\nTo: ${to}\r\nMessage-ID: <answer-${run}@example.org>\r\n\r\nNo.\r\n`;
    await deliverLikeAnMta(() => stack.lmtpPort, owner(run), [to], mail);
    await stack.idle();
    // Nothing is left of it but the record: who looks for it finds nothing.
    for await (const left of stack.store.held.ls(`${run}.example.com`)) {
      throw new Error(`The mail ${left.request_id} still waits`);
    }
  },
  copies: (run) =>
    new Map([
      [author(run), 1],
      [owner(run), 1],
      [member(run), 0],
    ]),
};
