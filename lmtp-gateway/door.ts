import { findRecipient, type RecipientLookups } from '../lib/addresses/recipient.ts';
import { type AcceptPorts, acceptMail } from './accept.ts';
import { atOnce } from './at-once.ts';
import { completeHeader } from './header.ts';
import { type ArrivedMail, IncomingMail, type IntakeLimits } from './incoming-mail.ts';
import { type AcceptedRecipient, isReply, type LmtpDoor, type Receiver } from './lmtp-door.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { isRefusal, type Reply, replies } from './replies.ts';
import { destinationsOf } from './route.ts';

/** What the door works with. */
export interface DoorOptions extends AcceptPorts {
  readonly lookups: RecipientLookups;
  readonly delimiter: string;
  readonly refuseUnknownAt: 'rcpt' | 'data';
  readonly limits: IntakeLimits;
  readonly budget: MemoryBudget;
}

// An upload in parts holds a part or two of 5 MB in memory, so only a few run at the same time.
const uploadsAtOnce = 3;

/** The door of Belfry: who is known, what is accepted, and the reply for each recipient. */
export const openDoor = (options: DoorOptions): LmtpDoor => {
  const spooledAtOnce = atOnce(uploadsAtOnce);

  const decide = async (
    mail: ArrivedMail,
    sender: string,
    recipients: readonly AcceptedRecipient[],
  ): Promise<readonly Reply[]> => {
    const given: (Reply | undefined)[] = recipients.map(() => undefined);
    const destinations = destinationsOf(sender, recipients);
    const first = destinations[0];
    if (first !== undefined) {
      const header = await completeHeader(mail, sender, first.recipient.list.mail_host);
      const answers = isReply(header)
        ? destinations.map(() => header)
        : await acceptMail(
            options,
            {
              size: mail.size,
              digest: mail.digest,
              messageId: header.messageId,
              open: () => mail.behind(header.front, header.start),
            },
            destinations,
          );
      for (const [index, { positions }] of destinations.entries()) {
        for (const position of positions) given[position] = answers[index];
      }
    }
    return given.map((reply) => reply ?? replies.unknownMailbox);
  };

  const answer = async (
    incoming: IncomingMail,
    sender: string,
    recipients: readonly AcceptedRecipient[],
  ): Promise<readonly Reply[]> => {
    const everyone = (reply: Reply): readonly Reply[] => recipients.map(() => reply);
    try {
      const intake = await incoming.end();
      if (intake.kind === 'oversize') return everyone(replies.oversize(options.limits.sizeLimit));
      if (intake.kind === 'failed') throw intake.error;
      const work = () => decide(intake.mail, sender, recipients);
      return await (intake.mail.spooled ? spooledAtOnce(work) : work());
    } catch (error) {
      options.problem('gateway/receive', error);
      return everyone(replies.failed);
    } finally {
      await incoming.release().catch((error: unknown) => options.problem('gateway/spool', error));
    }
  };

  const logRefusals = (recipients: readonly AcceptedRecipient[], answers: readonly Reply[]): void => {
    for (const [position, { recipient }] of recipients.entries()) {
      const reply = answers[position];
      if (reply === undefined || !isRefusal(reply)) continue;
      const list = recipient === undefined ? {} : { list: recipient.list.list_id };
      options.maillog.refused({ ...list, code: reply.code, reason: reply.text });
    }
  };

  return {
    recipient: async (address) => {
      try {
        const recipient = await findRecipient(address, options.lookups, options.delimiter);
        if (recipient === undefined && options.refuseUnknownAt === 'rcpt') return replies.unknownMailbox;
        return { address, recipient };
      } catch (error) {
        options.problem('gateway/recipient', error);
        return replies.failed;
      }
    },
    receive: (): Receiver | Reply => {
      const incoming = IncomingMail.begin(options.limits, options.budget);
      if (incoming === undefined) return replies.noMemory;
      let ended = false;
      return {
        write: (bytes) => incoming.write(bytes),
        end: async (sender, recipients) => {
          ended = true;
          const answers = await answer(incoming, sender, recipients);
          logRefusals(recipients, answers);
          return answers;
        },
        abort: () => {
          if (ended) return;
          ended = true;
          incoming.release().catch((error: unknown) => options.problem('gateway/spool', error));
        },
      };
    },
  };
};
