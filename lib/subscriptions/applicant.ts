import { parseEmailAddress } from '../addresses/email-address.ts';
import { banOf } from '../bans/bans.ts';
import type { Clock } from '../clock/clock.ts';
import type { MailingList } from '../lists/list.ts';
import type { Member } from '../members/member.ts';
import { type OwnAddressPorts, ownAddresses } from '../notices/own-address.ts';
import type { Store } from '../store/store.ts';
import type { JoinFacts } from './join.ts';
import { type SubscriptionRequest, waits } from './request.ts';

/** Somebody who wishes to join, with the request to join that there is. */
export interface Application {
  readonly email: string;
  readonly list: MailingList;
  readonly earlier: SubscriptionRequest | undefined;
}

/** What is known of an address on a list when it wishes to join. */
export interface Applicant {
  readonly facts: JoinFacts;
  readonly member: Member | undefined;
  /** When it left last; empty when it never did. */
  readonly left_at: string;
}

/** Reads what is known of somebody who wishes to join. Of a member nothing else is asked: wishes in a member's name come as often as somebody forges them. */
export const readApplicant = async (
  { email, list, earlier }: Application,
  ports: OwnAddressPorts & {
    readonly store: Pick<Store, 'addresses' | 'bans' | 'members'>;
    readonly clock: Clock;
  },
): Promise<Applicant> => {
  const { members, bans, addresses } = ports.store;
  const { list_id } = list;
  const policy = list.settings.subscription_policy;
  const pending = waits(earlier);
  const member = await members.get(list_id, 'member', email);
  if (member !== undefined) {
    const facts = { policy, valid: true, own: false, member: true, banned: false, pending, verified: false };
    return { facts, member, left_at: '' };
  }
  const [banned, address, own, former] = await Promise.all([
    bans.read(list_id),
    addresses.get(email),
    ownAddresses([email], ports),
    members.former.get(list_id, email, ports.clock.now()),
  ]);
  return {
    facts: {
      policy,
      valid: parseEmailAddress(email) !== undefined,
      own: own.size > 0,
      member: false,
      banned: banOf(email, banned) !== undefined,
      pending,
      verified: address?.verified_on !== undefined,
    },
    member,
    left_at: former?.left_at ?? '',
  };
};
