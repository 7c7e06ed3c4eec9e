import { addressKey, parseEmailAddress } from '../addresses/email-address.ts';
import type { HeldMail } from '../held/held-mail.ts';
import { listAddress, type MailingList } from '../lists/list.ts';
import { compose } from './compose.ts';
import { subjectShown } from './reasons.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/**
 * Sends a copy of a held post to each of some addresses, enclosed as it is (mailman-behaviour.md, section 8). An address gets the
 * same post once, and what is no address gets nothing.
 */
export const forwardHeld = async (
  held: HeldMail,
  list: MailingList,
  addresses: readonly string[],
  ports: NoticePorts,
): Promise<void> => {
  const wanted = new Map(
    addresses
      .flatMap((address) => parseEmailAddress(address.trim()) ?? [])
      .map((address) => [addressKey(address), address] as const),
  );
  if (wanted.size === 0) return;
  const post = await ports.blobs.get(held.blob);
  if (post === undefined) return;
  for (const to of wanted.values()) {
    await sendNotice(
      {
        cause: held.mail_id,
        kind: 'forward',
        list,
        to,
        compose: (identity) =>
          compose(
            {
              from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
              to: { name: '', address: to },
              subject: `Forwarded: ${subjectShown(held.subject)}`,
              body: { forwarded: post },
            },
            identity,
          ),
      },
      ports,
    );
  }
};
