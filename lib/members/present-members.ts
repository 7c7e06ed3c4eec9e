import type { Store } from '../store/store.ts';
import { membershipKey } from './collect-wishes.ts';
import type { Member, Role } from './member.ts';

// From here on reading all members in pages is cheaper than asking for each: BatchGetItem bills 4 KB for every member of 300 bytes, a Query for what it
// read in all (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html). It bounds the requests for a few too: ten.
const askedFor = 1000;

/**
 * Those who are on a list now in some roles, by {@link membershipKey}: those asked for, and when they are many, everybody. With `all` it is always
 * everybody.
 */
export const presentMembers = async (
  { members }: Pick<Store, 'members'>,
  listId: string,
  roles: ReadonlySet<Role>,
  asked: readonly { readonly role: Role; readonly email: string }[] | 'all',
): Promise<ReadonlyMap<string, Member>> => {
  const present = new Map<string, Member>();
  if (asked !== 'all' && asked.length <= askedFor) {
    for (const member of await members.getMany(listId, asked)) present.set(membershipKey(member), member);
    return present;
  }
  for (const role of roles) {
    for await (const page of members.pages(listId, role)) {
      for (const member of page) present.set(membershipKey(member), member);
    }
  }
  return present;
};
