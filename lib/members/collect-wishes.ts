import { addressKey } from '../addresses/email-address.ts';
import type { Role } from './member.ts';
import type { InvalidLine, WantedMember, Wish } from './wanted-member.ts';

/** What tells memberships of one list apart. */
export const membershipKey = ({ role, email }: { readonly role: Role; readonly email: string }): string =>
  `${role}#${addressKey(email)}`;

/** A line that names somebody whom an earlier one named in the same role. */
export interface DuplicateLine {
  readonly line: number;
  readonly email: string;
  /** The line that counts. */
  readonly first: number;
}

/** What a file says, each membership once. */
export interface CollectedWishes {
  /** By {@link membershipKey}, in the order of the file. */
  readonly wanted: ReadonlyMap<string, WantedMember>;
  readonly invalid: readonly InvalidLine[];
  readonly duplicates: readonly DuplicateLine[];
}

/** Reads a file to its end, before anything is done. Of lines for the same membership the first counts. */
export const collectWishes = async (
  wishes: AsyncIterable<Wish> | Iterable<Wish>,
): Promise<CollectedWishes> => {
  const wanted = new Map<string, WantedMember>();
  const invalid: InvalidLine[] = [];
  const duplicates: DuplicateLine[] = [];
  for await (const wish of wishes) {
    if (wish.kind === 'invalid') {
      const { line, text, reason } = wish;
      invalid.push({ line, text, reason });
      continue;
    }
    const key = membershipKey(wish.wanted);
    const before = wanted.get(key);
    if (before === undefined) wanted.set(key, wish.wanted);
    else duplicates.push({ line: wish.wanted.line, email: wish.wanted.email, first: before.line });
  }
  return { wanted, invalid, duplicates };
};
