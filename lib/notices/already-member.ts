import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { renderTemplate } from '../templates/render.ts';
import { compose } from './compose.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

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
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: email,
      at,
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
            to: { name: '', address: email },
            subject: `Your address is on ${postingAddress(list)} already`,
            body: { text },
          },
          identity,
        ),
    },
    ports,
  );
};
