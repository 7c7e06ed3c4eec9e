import type { MailingList } from '../lists/list.ts';
import { listAddress } from '../lists/list.ts';
import type { MetadataNotes } from '../queue/messages.ts';
import { compose } from './compose.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/** What one address is told by a list, of itself and not in answer to a mail. */
export interface AddressNotice {
  /** The id of the deed that caused it. */
  readonly cause: string;
  readonly kind: string;
  readonly list: MailingList;
  /** The address of the list that it comes from; absent: the one that takes bounces, for nobody is to argue with a machine. */
  readonly from?: string;
  readonly to: { readonly name?: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
  /** False: it is no bulk mail. */
  readonly bulk?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: MetadataNotes;
}

/** Writes to one address, in the name of a list. */
export const tellAddress = (
  { cause, kind, list, to, at, metadata, ...mail }: AddressNotice,
  ports: NoticePorts,
): Promise<void> =>
  sendNotice(
    {
      cause,
      kind,
      list,
      to: to.address,
      at,
      ...(metadata === undefined ? {} : { metadata }),
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: mail.from ?? listAddress(list, 'bounces') },
            to: { name: to.name ?? '', address: to.address },
            subject: mail.subject,
            ...(mail.bulk === undefined ? {} : { bulk: mail.bulk }),
            ...(mail.headers === undefined ? {} : { headers: mail.headers }),
            body: { text: mail.text },
          },
          identity,
        ),
    },
    ports,
  );
