import type { ReceivedMail } from './bounce.ts';
import { type BounceMail, headerOf, readBounceMail } from './bounce-mail.ts';
import { originalVerp } from './detectors/original.ts';
import type { VerpOptions } from './verp.ts';

/** What a returned mail has of what Belfry puts into the mail of its lists. Anybody can write all of it but the token, which is signed. */
export interface OurMarks {
  /** Whether it came back with a report of spam (RFC 5965). */
  readonly complained: boolean;
  /** The member for whom its envelope sender was made. */
  readonly verp?: string;
  /** The identity in its List-Id (RFC 2919, section 3), in lower case. */
  readonly listId?: string;
  /** Its Message-ID, and the last of its References, where Belfry keeps the one that Amazon SES has replaced. */
  readonly messageIds: readonly string[];
  /** The tokens of the links in its List-Unsubscribe. */
  readonly leaveTokens: readonly string[];
}

const idsIn = (value: string): readonly string[] => value.match(/<[^<>\s]{3,990}>/g) ?? [];

/** The envelope sender as a feedback report tells it (RFC 5965, section 3.2). */
const reportedSenders = (feedback: BounceMail['reports']): readonly string[] =>
  feedback.flatMap(({ lines }) => lines.filter((line) => /^original-mail-from\s*:/i.test(line)));

/** Reads what a mail to the bounce address brought back of ours. */
export const ourMarks = (received: ReceivedMail, options: VerpOptions): OurMarks => {
  const mail = readBounceMail(received, options);
  const feedback = mail.reports.filter(({ type }) => type === 'feedback-report');
  const verp = mail.verp(received.recipient ?? '') ?? originalVerp(mail, reportedSenders(feedback));
  const [, listId] = /<([^<>\s]+)>\s*$/.exec(headerOf(mail.original, 'list-id')) ?? [];
  const links = headerOf(mail.original, 'list-unsubscribe').matchAll(/\/leave\/([\w-]+\.[\w-]+)(?=[>?\s])/g);
  return {
    complained: feedback.length > 0,
    ...(verp === undefined ? {} : { verp }),
    ...(listId === undefined ? {} : { listId: listId.toLowerCase() }),
    messageIds: [
      ...idsIn(headerOf(mail.original, 'message-id')).slice(0, 1),
      ...idsIn(headerOf(mail.original, 'references')).slice(-1),
    ],
    leaveTokens: [...links].slice(0, 5).map(([, token = '']) => token),
  };
};
