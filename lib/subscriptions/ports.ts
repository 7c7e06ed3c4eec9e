import type { MailLog } from '../maillog/mail-log.ts';
import type { SubscriptionNoticePorts } from '../notices/about-subscription.ts';
import type { Store } from '../store/store.ts';

/** What joining and leaving need of the world. */
export type SubscriptionPorts = SubscriptionNoticePorts & {
  readonly store: Pick<Store, 'addresses' | 'bans' | 'members' | 'requests' | 'users'>;
  readonly log: Pick<MailLog, 'subscription'>;
};
