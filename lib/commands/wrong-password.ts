import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { answerable } from '../notices/author.ts';
import { compose } from '../notices/compose.ts';
import { answerTo } from '../notices/conversation.ts';
import { type NoticePorts, sendNotice } from '../notices/send-notice.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { wrap } from '../templates/wrap.ts';

const textFor = (list: MailingList, requestId: number): string =>
  wrap(`Your answer about the post that waits on ${postingAddress(list)} as number ${requestId} has a password, but it is not the one of this list's moderators. Nothing was done: the post still waits.

To accept it, answer again with a first line that says "Approved:" and then the password. To discard it, answer without such a line. After some wrong passwords within an hour, no more are looked at.
`);

/** Tells who sent a wrong password that nothing was done. Mail that may not be answered is not. */
export const tellWrongPassword = async (
  record: MailRecord,
  requestId: number,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  const original = await answerable({ ...record, author: record.envelope.sender }, ports);
  if (original === undefined) return;
  await sendNotice(
    {
      cause: record.id,
      kind: 'command-result',
      list,
      to: original.author,
      at: new Date(record.decided_at),
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
            to: { name: '', address: original.author },
            subject: 'The results of your email commands',
            answers: answerTo(record.message_id, original.mail),
            body: { text: textFor(list, requestId) },
          },
          identity,
        ),
    },
    ports,
  );
};
