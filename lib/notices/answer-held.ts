import type { HeldMail } from '../held/held-mail.ts';
import { type AuthorAnswer, answerAuthor } from './answer-author.ts';
import { type Answerable, answerable } from './author.ts';
import type { NoticePorts } from './send-notice.ts';

/** Reads a held mail whose author is to be told something; undefined when it must not be answered, or is gone. */
export const answerableHeld = (held: HeldMail, ports: NoticePorts): Promise<Answerable | undefined> =>
  answerable({ ...held, id: held.mail_id, author: held.sender }, ports);

/** Answers the author of a held mail, from the address that takes bounces: nobody is to argue with a machine. */
export const answerHeld = (
  held: HeldMail,
  answer: Omit<AuthorAnswer, 'cause' | 'from'>,
  ports: NoticePorts,
): Promise<void> =>
  answerAuthor(
    { ...answer, cause: { id: held.mail_id, message_id: held.message_id }, from: 'bounces' },
    ports,
  );
