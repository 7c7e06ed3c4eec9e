import { createHash, randomBytes } from 'node:crypto';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import type { SubscriptionMessage } from '../queue/messages.ts';
import type { RequestChange } from '../store/store.ts';
import { isEnded, type RequestKind, type RequestState, type SubscriptionRequest } from './request.ts';

/**
 * A token: 160 random bits in hexadecimal digits, as Mailman's are, because some mail servers write addresses in lower case. Nothing waits for the
 * token of an end, so that has none.
 */
const tokenFor = (state: RequestState): string => (isEnded(state) ? '' : randomBytes(20).toString('hex'));

/**
 * Until when a request is something. What has ended is kept for as long as a repeated arrival is recognised: the repetition of the deed that ended it
 * finds it, and does what follows again and nothing else.
 */
const endOf = (
  state: RequestState,
  now: Date,
  { mailman, retention }: Pick<Site, 'mailman' | 'retention'>,
): Date => {
  const waits = state === 'moderating' ? mailman.moderator_request_life : mailman.pending_request_life;
  return new Date(now.getTime() + (isEnded(state) ? retention.arrivals : waits) * 1000);
};

/** What a deed makes of a request. */
export const changeTo = (
  state: RequestState,
  { id, by, comment }: Pick<SubscriptionMessage, 'id' | 'by' | 'comment'>,
  now: Date,
  site: Pick<Site, 'mailman' | 'retention'>,
): RequestChange => ({
  state,
  token: tokenFor(state),
  cause: id,
  by,
  comment,
  changed_at: now.toISOString(),
  expires_at: endOf(state, now, site).toISOString(),
});

/**
 * The id of the membership that a wish to join makes. It follows from the wish, so that a request tells whose it is even when it has moved on. In
 * form it is as all others are.
 */
export const memberIdFor = ({ id, listid }: Pick<SubscriptionMessage, 'id' | 'listid'>): string =>
  createHash('sha256')
    .update(JSON.stringify(['member', listid, id]))
    .digest('hex')
    .slice(0, 32);

/** What a request is begun with. */
export interface Beginning {
  readonly kind: RequestKind;
  readonly list: MailingList;
  readonly email: string;
  readonly state: RequestState;
  readonly display_name: string;
  readonly member_id: string;
}

/** The request of a wish, as it begins. */
export const newRequest = (
  { kind, list, email, state, display_name, member_id }: Beginning,
  message: SubscriptionMessage,
  now: Date,
  site: Pick<Site, 'mailman' | 'retention'>,
): SubscriptionRequest => {
  const { delivery_mode, send_welcome } = message;
  return {
    list_id: list.list_id,
    kind,
    email,
    display_name,
    ...(delivery_mode === undefined ? {} : { delivery_mode }),
    // Who only wishes has confirmed nothing, and nobody has decided.
    ...changeTo(state, { ...message, by: '' }, now, site),
    invitation: message.invitation ?? false,
    pre_verified: message.pre_verified ?? false,
    pre_confirmed: message.pre_confirmed ?? false,
    pre_approved: message.pre_approved ?? false,
    ...(send_welcome === undefined ? {} : { send_welcome }),
    member_id,
    created_at: now.toISOString(),
  };
};
