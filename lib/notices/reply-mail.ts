import { listAddress, type MailingList } from '../lists/list.ts';
import { fieldFrom } from '../mail/header-block.ts';
import { mailDate } from '../mail/mail-date.ts';
import { wrap } from '../templates/wrap.ts';
import type { NoticeIdentity } from './compose.ts';

/**
 * The small mail that a moderator replies to: its subject names what waits by its token, and its sender is the address that takes commands. What a reply
 * does, its text says.
 */
export const replyMail = (
  { token, text, list }: { readonly token: string; readonly text: string; readonly list: MailingList },
  { noticeId, date }: NoticeIdentity,
): Buffer => {
  const fields = [
    fieldFrom('Subject', `confirm ${token}`),
    fieldFrom('From', listAddress(list, 'request')),
    fieldFrom('To', listAddress(list, 'owner')),
    fieldFrom('Date', mailDate(date)),
    fieldFrom('Message-ID', `<${noticeId}.confirm@${list.mail_host}>`),
    fieldFrom('MIME-Version', '1.0'),
    fieldFrom('Content-Type', 'text/plain; charset=us-ascii'),
  ];
  return Buffer.concat([
    ...fields.map(({ raw }) => raw),
    Buffer.from(`\r\n${wrap(text).replaceAll('\n', '\r\n')}`),
  ]);
};
