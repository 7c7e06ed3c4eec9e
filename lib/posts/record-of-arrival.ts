import type { MailMessage } from '../queue/messages.ts';
import type { MailRecord } from './mail-record.ts';

/** What of a record its message tells already. */
type Told = 'id' | 'list_id' | 'message_id' | 'blob' | 'digest' | 'envelope';

/** What became of a mail, beyond what its message tells; the rules are those that were asked, if any were. */
export type Fate = Omit<MailRecord, Told | 'metadata' | 'rule_hits' | 'rule_misses'> &
  Partial<Pick<MailRecord, 'blob' | 'metadata' | 'rule_hits' | 'rule_misses'>>;

/** The record of a mail that arrived: what its message tells, and what became of it. */
export const recordOfArrival = (message: MailMessage, fate: Fate): MailRecord => ({
  id: message.id,
  list_id: message.listid,
  message_id: message.messageId,
  blob: message.blob,
  ...(message.digest === undefined ? {} : { digest: message.digest }),
  envelope: message.envelope,
  metadata: message.metadata,
  rule_hits: [],
  rule_misses: [],
  ...fate,
});
