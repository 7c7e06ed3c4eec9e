import type { MailingList } from '../lists/list.ts';
import { preferenceOf, takesMail } from '../members/effective.ts';
import type { Member } from '../members/member.ts';
import type { Store } from '../store/store.ts';
import type { Asker, RosterPage, RosterWish } from './command.ts';

/** How many members one mail shows: with long names about 20 KB, which any program reads. */
const membersOnPage = 200;

/** Whether a member has wished not to be shown. That nobody has said anything is no wish: else `who` would show nobody. */
const isHidden = ({ hide_address, inherited }: Member): boolean =>
  (hide_address ?? inherited?.hide_address) === true;

const isWished = (member: Member, { delivery, mode }: RosterWish): boolean => {
  if (delivery !== undefined && takesMail(member) !== (delivery === 'enabled')) return false;
  return mode === undefined || (preferenceOf(member, 'delivery_mode') === 'regular') === (mode === 'regular');
};

/** Reads a page of the members that somebody may see; of a list of any size, no more than up to the end of the page. */
export const readRosterPage = async (
  list: MailingList,
  { roles }: Pick<Asker, 'roles'>,
  wish: RosterWish,
  { store }: { readonly store: Pick<Store, 'members'> },
): Promise<RosterPage> => {
  const seesAll = roles.has('owner') || roles.has('moderator');
  const from = (wish.page - 1) * membersOnPage;
  const shown: Member[] = [];
  let passed = 0;
  for await (const page of store.members.pages(list.list_id, 'member')) {
    for (const member of page) {
      if (!isWished(member, wish) || (!seesAll && isHidden(member))) continue;
      passed += 1;
      if (passed <= from) continue;
      if (shown.length === membersOnPage) return { members: shown, more: true };
      shown.push(member);
    }
  }
  return { members: shown, more: false };
};
