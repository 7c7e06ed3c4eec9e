import { addressKey } from '../addresses/email-address.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import { listAddress } from '../lists/list.ts';
import { sendersOf } from '../mail/senders.ts';
import { answerAuthor } from '../notices/answer-author.ts';
import { isWithin } from '../notices/answer-limit.ts';
import { answerable } from '../notices/author.ts';
import type { NoticePorts } from '../notices/send-notice.ts';
import type { AutoresponseMessage } from '../queue/messages.ts';
import { replyTo } from '../replybot/replybot.ts';
import { listVariablesOf } from '../templates/list-variables.ts';
import { substitute } from '../templates/substitute.ts';
import { wrap } from '../templates/wrap.ts';

const day = 86_400_000;

/**
 * Answers a mail automatically, if it may be answered and its sender had no such answer within the time of grace, and not too many on that day where there is none. That time begins with the one write
 * that lets a single mail through; whoever comes again with that mail sends the same answer again.
 * @throws ShuntError when the list is gone, or the mail has no record.
 */
export const runAutoresponse = async (message: AutoresponseMessage, ports: NoticePorts): Promise<void> => {
  const { store, clock, site } = ports;
  const { id, listid, destination } = message;
  const [list, record] = await Promise.all([store.lists.byId(listid), store.mails.get(id)]);
  if (list === undefined) throw new ShuntError(`The list ${listid} does not exist any more.`);
  if (record === undefined) throw new ShuntError(`The mail ${id} that is to be answered has no record.`);
  const author = (mail: Parameters<typeof sendersOf>[0]): string =>
    sendersOf(mail, record.envelope.sender, site.mailman.sender_headers)[0] ?? '';
  const original = await answerable({ ...record, author }, ports);
  if (original === undefined) return;
  const reply = replyTo(original.mail, record.metadata, list, destination);
  if (reply.kind === 'none') return;
  const now = clock.now();
  const until = new Date(now.getTime() + reply.grace * 1000);
  const name = `autoresponse#${listid}#${destination}#${addressKey(original.author)}`;
  if (reply.grace > 0 && !(await store.limits.once(name, id, now, until))) return;
  if (reply.grace * 1000 < day) {
    // Who forges a sender asks for as many answers as there is time; a list that wants one for each mail would bury somebody.
    const at = new Date(record.metadata.received_time);
    const most = site.mta.max_autoresponses_per_day;
    if (!(await isWithin({ name, cause: id, at, span: day, most }, ports))) return;
  }
  await answerAuthor(
    {
      cause: record,
      original,
      kind: `autoresponse-${destination}`,
      list,
      from: 'bounces',
      subject: `Automatic answer: your message to ${
        destination === 'owner' ? listAddress(list, 'owner') : list.settings.display_name
      }`,
      text: wrap(substitute(reply.text, listVariablesOf(list, site))),
      at: new Date(record.decided_at),
      headers: { 'X-Mailer': 'The Belfry Replybot', 'X-Ack': 'No' },
    },
    ports,
  );
};
