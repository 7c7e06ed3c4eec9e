import { type HeaderBlock, parseHeaderBlock } from '../mail/header-block.ts';
import type { Envelope } from '../queue/messages.ts';
import { mayBeAnswered } from './may-answer.ts';
import { ownAddresses } from './own-address.ts';
import type { NoticePorts } from './send-notice.ts';

/** A mail whose author is to be told something. */
export interface Original {
  /** The id of the mail. */
  readonly id: string;
  readonly list_id: string;
  readonly blob: string;
  readonly envelope: Pick<Envelope, 'sender'>;
  /** The address of its author, when that is known already; else it is read from the mail. */
  readonly author: string | ((mail: HeaderBlock) => string);
}

/** An original that may be answered, as it was read. */
export interface Answerable {
  readonly author: string;
  readonly mail: HeaderBlock;
  readonly bytes: Buffer;
}

/**
 * Reads a mail whose author is to be told something. Undefined when it must not be answered, which the log tells, or when its
 * bytes are gone: then its story is over, and whatever had to be said was said.
 */
export const answerable = async (
  { id, list_id, blob, envelope, author: told }: Original,
  ports: NoticePorts,
): Promise<Answerable | undefined> => {
  const bytes = await ports.blobs.get(blob);
  if (bytes === undefined) return undefined;
  const mail = parseHeaderBlock(bytes);
  const author = typeof told === 'string' ? told : told(mail);
  const { sender } = envelope;
  const named = [author, sender].filter((address) => address !== '');
  const ours = await ownAddresses(named, ports);
  const answer = mayBeAnswered(mail, { sender, to: author, isOurs: (address) => ours.has(address) });
  if (answer.ok) return { author, mail, bytes };
  ports.log.unanswered({ id, list: list_id, reason: answer.why });
  return undefined;
};
