import { randomUUID } from 'node:crypto';
import { arrivedKey } from '../../lib/blobs/keys.ts';
import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import type { MailMessage } from '../../lib/queue/messages.ts';
import type { Stack } from './stack.ts';

/** A mail to an address of a list, as far as a test says it. */
interface Letter {
  readonly from: string;
  readonly to: 'request' | 'join';
  readonly subject: string;
}

/** Stores the bytes of a mail with a command as the gateway does; gives the message that stands for it. */
const storeCommandMail = async (
  { blobs }: Pick<Stack, 'blobs'>,
  { list_id, list_name, mail_host }: MailingList,
  { from, to, subject }: Letter,
): Promise<MailMessage> => {
  const id = randomUUID();
  const messageId = `<${id}@example.org>`;
  const recipient = `${list_name}-${to}@${mail_host}`;
  const bytes = Buffer.from(
    `From: ${from}\r\nTo: ${recipient}\r\nSubject: ${subject}\r\nMessage-ID: ${messageId}\r\n\r\n`,
  );
  await blobs.put(arrivedKey(id), bytes);
  return {
    v: 1,
    type: 'mail',
    queue: 'command',
    id,
    listid: list_id,
    blob: arrivedKey(id),
    messageId,
    envelope: { sender: from, recipient },
    metadata: {
      original_size: bytes.length,
      received_time: new Date().toISOString(),
      to_request: true,
      subaddress: to,
    },
  };
};

/** One mail by which somebody joins. */
export const joinMail = (stack: Stack, list: MailingList, from: string): Promise<MailMessage> =>
  storeCommandMail(stack, list, { from, to: 'join', subject: '' });

/** Mails that have one address join, each from another forged sender; their bytes are stored, and their messages are for the caller to send. */
export const joinFlood = async (
  stack: Stack,
  list: MailingList,
  { victim, count }: { readonly victim: string; readonly count: number },
): Promise<readonly MailMessage[]> => {
  const mails: MailMessage[] = [];
  const numbers = Array.from({ length: count }, (_, number) => number);
  await forEachAtOnce(numbers, 16, async (number) => {
    const from = `forged-${number}@example.org`;
    mails.push(
      await storeCommandMail(stack, list, { from, to: 'request', subject: `join address=${victim}` }),
    );
  });
  return mails;
};
