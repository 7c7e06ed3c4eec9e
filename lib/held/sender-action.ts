import { parseEmailAddress } from '../addresses/email-address.ts';
import type { Clock } from '../clock/clock.ts';
import type { MailingList } from '../lists/list.ts';
import type { Member } from '../members/member.ts';
import { newMember } from '../members/new-member.ts';
import type { Store } from '../store/store.ts';

/** What shall happen to the posts of a sender. */
export interface SenderAction {
  readonly list: MailingList;
  readonly sender: string;
  readonly action: NonNullable<Member['moderation_action']>;
}

/**
 * Sets what happens to the posts of a sender from now on: on the member, or else on the nonmember, who is added when unknown.
 * Repeated, it changes nothing.
 */
export const setSenderAction = async (
  { list, sender, action }: SenderAction,
  { store, clock }: { readonly store: Pick<Store, 'members'>; readonly clock: Clock },
): Promise<void> => {
  const changes = { moderation_action: action };
  for (const role of ['member', 'nonmember'] as const) {
    if ((await store.members.set(list.list_id, role, sender, changes)) !== undefined) return;
  }
  const email = parseEmailAddress(sender);
  if (email === undefined) return;
  const nonmember = newMember(list, 'nonmember', { email, display_name: '' }, clock.now());
  await store.members.add({ ...nonmember, ...changes });
};
