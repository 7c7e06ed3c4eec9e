import { type HeaderBlock, unfolded } from '../mail/header-block.ts';
import type { Answered } from './compose.ts';

// Message-IDs as RFC 5322, section 3.6.4, writes them; longer ones are garbage, and would make long lines.
const messageIds = /<[!-;=?-~]{3,250}>/g;
// The conversation stays together by its newest mails; programs cut long References in the same way.
const most = 10;

const idsIn = (value: string): readonly string[] => value.match(messageIds) ?? [];

/** What an answer to a mail says of it (RFC 5322, section 3.6.4); not much when its Message-ID is none. */
export const answerTo = (messageId: string, mail: HeaderBlock): Answered => {
  const [own] = idsIn(messageId);
  if (own === undefined) return { references: [] };
  const before = (key: string): readonly string[] =>
    mail.fields.filter((field) => field.key === key).flatMap((field) => idsIn(unfolded(field)));
  const references = before('references');
  return {
    messageId: own,
    references: (references.length > 0 ? references : before('in-reply-to')).slice(-most),
  };
};
