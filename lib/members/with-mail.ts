import { randomUUID } from 'node:crypto';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import type { MailingList } from '../lists/list.ts';
import type { SubscriptionMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Role } from './member.ts';
import type { ChangePlan } from './plan-change.ts';

/** Which of a planned change goes by the queue, because somebody is to be written to. */
export interface MailedChange {
  readonly welcome: boolean;
  readonly goodbye: boolean;
  /** An address, or a word such as `command line`. */
  readonly by: string;
}

/** What a plan is when those to whom mail goes are taken out of it: the function `command` does theirs. */
export interface SplitChange {
  readonly plan: ChangePlan;
  readonly wishes: readonly SubscriptionMessage[];
}

// Ten messages share a request (lib/queue/sqs-queues.ts), and four requests are under way.
const atOnce = 40;

/**
 * Takes those out of a plan who are greeted or bidden farewell. Of them wishes are made that need nobody's consent: the function `command` does the
 * deed and writes the mail, with all its guarantees, also when whoever wished is gone. A wish that comes twice finds the deed done, and nobody is
 * written to twice. Only members are written to: that somebody is an owner is told by those who made them so.
 */
export const splitChange = (
  list: Pick<MailingList, 'list_id'>,
  plan: ChangePlan,
  { welcome, goodbye, by }: MailedChange,
  now: Date,
): SplitChange => {
  const wish = (deed: 'join' | 'leave', email: string): SubscriptionMessage => ({
    v: 1,
    type: 'subscription',
    queue: 'command',
    id: randomUUID(),
    listid: list.list_id,
    deed,
    email,
    pre_verified: true,
    pre_confirmed: true,
    pre_approved: true,
    by,
    at: now.toISOString(),
  });
  const greeted = ({ role }: { readonly role: Role }): boolean => welcome && role === 'member';
  const dismissed = ({ role }: { readonly role: Role }): boolean => goodbye && role === 'member';
  return {
    plan: {
      ...plan,
      add: plan.add.filter((one) => !greeted(one)),
      remove: plan.remove.filter((one) => !dismissed(one)),
    },
    wishes: [
      ...plan.add.filter(greeted).map(({ email, display_name, said: { delivery_mode } }) => ({
        ...wish('join', email),
        display_name,
        ...(delivery_mode === undefined ? {} : { delivery_mode }),
        send_welcome: true,
      })),
      ...plan.remove.filter(dismissed).map(({ email }) => wish('leave', email)),
    ],
  };
};

/** Sends wishes on their way; each is durable when it is counted. */
export const sendWishes = (
  wishes: readonly SubscriptionMessage[],
  queues: Queues,
  onProgress: (sent: number) => void = () => {},
): Promise<void> => {
  let sent = 0;
  return forEachAtOnce(wishes, atOnce, async (wish) => {
    await queues.send([wish]);
    sent += 1;
    onProgress(sent);
  });
};
