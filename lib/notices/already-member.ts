import { type MailingList, postingAddress } from '../lists/list.ts';
import { renderTemplate } from '../templates/render.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAddress } from './tell-address.ts';

/** That somebody wished that an address joins a list which it is on. */
export interface IdleWish {
  /** The id of the wish. */
  readonly cause: string;
  readonly email: string;
  readonly at: Date;
}

/** Tells a member of it, in words that fit whether it was the member or a stranger. */
export const tellAlreadyMember = async (
  { cause, email, at }: IdleWish,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:user:notice:already-member';
  const text = await renderTemplate(kind, list, { user_email: email }, ports);
  const subject = `Your address is on ${postingAddress(list)} already`;
  await tellAddress({ cause, kind, list, to: { address: email }, subject, text, at }, ports);
};
