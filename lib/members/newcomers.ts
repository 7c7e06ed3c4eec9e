import { addressKey } from '../addresses/email-address.ts';
import type { MailingList } from '../lists/list.ts';
import type { Store } from '../store/store.ts';
import { inheritedFrom } from '../users/spread-preferences.ts';
import type { User } from '../users/user.ts';
import type { Member } from './member.ts';
import { newMember } from './new-member.ts';
import { newlySaid } from './plan-change.ts';
import { asBefore } from './rejoin.ts';
import type { WantedMember } from './wanted-member.ts';

// BatchGetItem takes 100 keys (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
const batchSize = 100;

/** What making members needs of the store. */
export type NewcomerStore = Pick<Store, 'members' | 'addresses' | 'users'>;

const cut = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
    items.slice(index * batchSize, (index + 1) * batchSize),
  );

/**
 * The members that are to be written: what the address and its user wish is inherited, what somebody had on this list before they have again, and
 * what the file says counts before both. Two requests for each 100, one more for each user; the next 100 are read while these are written.
 */
export const newcomers = async function* (
  list: MailingList,
  wanted: readonly WantedMember[],
  store: NewcomerStore,
  now: Date,
): AsyncIterable<Member> {
  const users = new Map<string, Promise<User | undefined>>();
  const userOf = (userId: string | undefined): Promise<User | undefined> | undefined => {
    if (userId === undefined) return undefined;
    const user = users.get(userId) ?? store.users.get(userId);
    users.set(userId, user);
    return user;
  };

  const madeFrom = async (batch: readonly WantedMember[]): Promise<readonly Member[]> => {
    const emails = batch.map(({ email }) => email);
    const joining = batch.filter(({ role }) => role === 'member').map(({ email }) => email);
    const [addresses, formers] = await Promise.all([
      store.addresses.getMany(emails),
      store.members.former.getMany(list.list_id, joining, now),
    ]);
    const known = new Map(addresses.map((address) => [addressKey(address.email), address]));
    const before = new Map(formers.map((former) => [addressKey(former.email), former]));
    return Promise.all(
      batch.map(async (one) => {
        const key = addressKey(one.email);
        const address = known.get(key);
        const inherited = inheritedFrom(address, await userOf(address?.user_id));
        const member: Member = {
          ...newMember(list, one.role, one, now),
          ...(one.role === 'member' ? asBefore(before.get(key)) : {}),
          ...(inherited === undefined ? {} : { inherited }),
          ...(one.subscribed_at === undefined ? {} : { subscribed_at: one.subscribed_at }),
        };
        return { ...member, ...newlySaid(member, one.said) };
      }),
    );
  };

  const batches = cut(wanted);
  const read = (index: number): Promise<readonly Member[]> => {
    const batch = batches[index];
    const made = batch === undefined ? Promise.resolve([]) : madeFrom(batch);
    // When writing fails nobody waits for the next 100 any more, and their failure would end the process.
    made.catch(() => undefined);
    return made;
  };
  let ahead = read(0);
  for (const index of batches.keys()) {
    const made = await ahead;
    ahead = read(index + 1);
    yield* made;
  }
};
