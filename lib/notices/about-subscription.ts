import { type MailingList, postingAddress } from '../lists/list.ts';
import { memberLine } from '../members/member-fields.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import type { Links } from './links.ts';
import { oneLine } from './one-line.ts';
import type { NoticePorts } from './send-notice.ts';

/** What writing about requests needs of the world. */
export type SubscriptionNoticePorts = NoticePorts & { readonly links: Links };

/** Somebody with name and address, as a text of ours shows it: the name is a stranger's words. */
export const personShown = ({
  display_name,
  email,
}: Pick<SubscriptionRequest, 'display_name' | 'email'>): string =>
  memberLine({ display_name: oneLine(display_name), email });

/** What a request is for, as a subject says it: `join ant@example.com`. */
export const wishShown = ({ kind }: Pick<SubscriptionRequest, 'kind'>, list: MailingList): string =>
  `${kind} ${postingAddress(list)}`;

/** The moment that a notice about a request bears: that of its cause, so that a repetition is the same. */
export const momentOf = ({ changed_at }: Pick<SubscriptionRequest, 'changed_at'>): Date =>
  new Date(changed_at);
