import { listAddress, type MailingList } from '../lists/list.ts';
import { administratorsOf } from './administrators.ts';
import { compose, type NoticeIdentity } from './compose.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/** What the owners and moderators of a list are told. */
export interface AdministratorNotice {
  /** The id of the mail that it is about. */
  readonly cause: string;
  readonly kind: string;
  readonly list: MailingList;
  readonly subject: string;
  readonly text: string;
  readonly attached?: (identity: NoticeIdentity) => readonly Buffer[];
  readonly at?: Date;
}

/** Tells owners and moderators something, from and to the -owner address (mailman-behaviour.md, section 7). */
export const tellAdministrators = async (
  { cause, kind, list, subject, text, attached, at }: AdministratorNotice,
  ports: NoticePorts,
): Promise<void> => {
  const owner = { name: '', address: listAddress(list, 'owner') };
  return sendNotice(
    {
      cause,
      kind,
      list,
      to: owner.address,
      recipients: await administratorsOf(list, ports.store, ports.site),
      ...(at === undefined ? {} : { at }),
      compose: (identity) =>
        compose(
          { from: owner, to: owner, subject, body: { text, attached: attached?.(identity) ?? [] } },
          identity,
        ),
    },
    ports,
  );
};
