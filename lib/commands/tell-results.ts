import { addressKey } from '../addresses/email-address.ts';
import type { MailingList } from '../lists/list.ts';
import { answerAuthor } from '../notices/answer-author.ts';
import { isWithin } from '../notices/answer-limit.ts';
import { answerable } from '../notices/author.ts';
import type { Links } from '../notices/links.ts';
import type { NoticePorts } from '../notices/send-notice.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { Store } from '../store/store.ts';
import { mayWrite } from '../subscriptions/may-write.ts';
import type { CommandsOutcome } from './command-outcome.ts';
import { resultsText } from './results-text.ts';

/** What telling results needs of the world. */
export type ResultPorts = NoticePorts & {
  readonly store: Pick<Store, 'members' | 'limits'>;
  readonly links?: Pick<Links, 'join'>;
};

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Whether the asker is told. From may be forged, so a stranger's address gets one mail a day and list, whether that is an answer to commands or
 * something to confirm; people of whom the list knows get as many a day, and from all lists in an hour, as the site grants.
 */
const mayTell = async (
  { id, list_id, metadata }: MailRecord,
  { asker, known }: CommandsOutcome,
  ports: ResultPorts,
): Promise<boolean> => {
  const at = new Date(metadata.received_time);
  const email = addressKey(asker);
  if (!known) {
    const former = await ports.store.members.former.get(list_id, email, at);
    const since = former?.left_at ?? '';
    return mayWrite({ kind: 'join', list: { list_id }, email, cause: id, at, since }, ports);
  }
  const most = ports.site.mta.max_autoresponses_per_day;
  const span = { cause: id, at, most };
  return (
    (await isWithin({ ...span, name: `answers#${list_id}#${email}`, span: day }, ports)) &&
    isWithin({ ...span, name: `answers#${email}`, span: hour }, ports)
  );
};

/** Tells who sent commands what came of them, if a machine may answer the mail at all. */
export const tellResults = async (
  record: MailRecord,
  outcome: CommandsOutcome,
  list: MailingList,
  ports: ResultPorts,
): Promise<void> => {
  const original = await answerable({ ...record, author: outcome.asker }, ports);
  if (original === undefined) return;
  if (!(await mayTell(record, outcome, ports))) {
    ports.log.unanswered({ id: record.id, list: record.list_id, reason: 'It was answered often enough.' });
    return;
  }
  await answerAuthor(
    {
      cause: record,
      original,
      kind: 'list:user:notice:command-results',
      list,
      from: 'bounces',
      subject: 'The results of your email commands',
      text: await resultsText(outcome, original.mail, list, ports),
      at: new Date(record.decided_at),
    },
    ports,
  );
};
