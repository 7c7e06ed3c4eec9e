import type { MailingList } from '../lists/list.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { AutoresponseMessage, MetadataNotes } from '../queue/messages.ts';
import { destinationOf, replyOf } from './destination.ts';

/** Under what name the metadata of a mail says that it is answered automatically. */
const autoresponseNote = 'autoresponse';

/**
 * What was decided on a mail, with what the list's automatic answers make of it (mailman-behaviour.md, section 19.1). What the rules drop is not answered:
 * it is mostly forged; and what they send back has an answer.
 */
export const withReply = (decision: MailRecord, list: MailingList): MailRecord => {
  const destination = destinationOf(decision.metadata);
  const reply = destination === undefined ? 'none' : replyOf(list, destination);
  if (reply === 'none' || decision.disposition === 'discarded') return decision;
  const note: MetadataNotes = { [autoresponseNote]: true };
  const metadata = { ...decision.metadata, ...note };
  if (reply === 'respond_and_continue') {
    return decision.disposition === 'rejected' ? decision : { ...decision, metadata };
  }
  const { pipeline, ...ended } = decision;
  return {
    ...ended,
    metadata,
    disposition: 'discarded',
    reason: 'The list answers such mail automatically, and it goes no further.',
  };
};

/** The message by which a mail is answered, when its record says so: the function `command` writes the answer. */
export const autoresponseOf = ({ id, list_id, metadata }: MailRecord): readonly AutoresponseMessage[] => {
  const destination = destinationOf(metadata);
  if (metadata[autoresponseNote] !== true || destination === undefined) return [];
  return [{ v: 1, type: 'autoresponse', queue: 'command', id, listid: list_id, destination }];
};
