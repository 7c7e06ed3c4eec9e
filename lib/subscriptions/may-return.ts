import { addressKey } from '../addresses/email-address.ts';
import type { MailingList } from '../lists/list.ts';
import { isWithin } from '../notices/answer-limit.ts';
import type { Store } from '../store/store.ts';

const day = 86_400_000;

/** Nobody changes their mind more often in a day. */
const mostReturns = 3;

/** A wish to join that nobody needs to confirm, of somebody who was on the list before. */
export interface Return {
  readonly list: Pick<MailingList, 'list_id'>;
  readonly email: string;
  /** The id of the wish: the same wish is counted once. */
  readonly cause: string;
  readonly at: Date;
  /** When the address left last; empty when it never did. */
  readonly left_at: string;
}

/**
 * Whether somebody who has left within a day joins again without a confirmation. On a list that is open both ways anybody can take an address off and on by
 * mails with a forged sender, and each time it would be bidden farewell and greeted.
 */
export const mayReturn = async (
  { list, email, cause, at, left_at }: Return,
  { store }: { readonly store: Pick<Store, 'limits'> },
): Promise<boolean> => {
  if (left_at < new Date(at.getTime() - day).toISOString()) return true;
  const name = `returns#${list.list_id}#${addressKey(email)}`;
  return isWithin({ name, cause, at, span: day, most: mostReturns }, { store });
};
