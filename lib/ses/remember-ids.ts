import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import { parseHeaderBlock } from '../mail/header-block.ts';
import type { Store } from '../store/store.ts';
import { originalMessageId } from './message-ids.ts';
import { sesIdOf } from './sent-id.ts';

/** What remembering ids needs of the world. */
export interface RememberPorts {
  readonly store: Pick<Store, 'sentIds'>;
  readonly clock: Clock;
  readonly site: Pick<Site, 'retention'>;
}

/**
 * Keeps which post the Message-IDs stand for that SES gave to its copies (`sentAs` of the outcomes), so that answers find it. It is written beside
 * the verdicts, before the ledger moves on, and may be written again. Without `sentAs` nothing is written.
 */
export const rememberIds = async (
  post: Buffer,
  sentAs: readonly string[],
  { store, clock, site }: RememberPorts,
): Promise<void> => {
  if (sentAs.length === 0) return;
  const messageId = originalMessageId(parseHeaderBlock(post));
  if (messageId === undefined) return;
  const sent = sentAs.flatMap((given) => {
    const id = sesIdOf(given);
    return id === undefined ? [] : [{ id, messageId }];
  });
  await store.sentIds.remember(sent, new Date(clock.now().getTime() + site.retention.message_ids * 1000));
};
