import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import type { Clock } from '../../lib/clock/clock.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import type { Store } from '../../lib/store/store.ts';
import { requestKinds, type SubscriptionRequest, waits } from '../../lib/subscriptions/request.ts';
import { CommandError } from '../cli/errors.ts';

/** A request that waits on a list, by the address that it is about or by its token. */
export const findRequest = async (
  list: MailingList,
  named: string,
  { store, clock }: { readonly store: Pick<Store, 'requests'>; readonly clock: Clock },
): Promise<SubscriptionRequest> => {
  const now = clock.now();
  const found =
    parseEmailAddress(named) === undefined
      ? [await store.requests.byToken(named, now)].filter((request) => request?.list_id === list.list_id)
      : await Promise.all(requestKinds.map((kind) => store.requests.get(list.list_id, kind, named, now)));
  const [request, another] = found.filter(waits);
  if (request === undefined) {
    throw new CommandError(
      `No request of ${named} waits on ${postingAddress(list)} (request ls shows those that do)`,
    );
  }
  if (another !== undefined) {
    throw new CommandError(
      `${named} waits twice, to join and to leave; name one of its tokens (request ls --json shows them)`,
    );
  }
  return request;
};
