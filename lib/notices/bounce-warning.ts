import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import type { Member } from '../members/member.ts';
import { durationText } from '../settings/duration-text.ts';
import { bounceText } from './bounce-text.ts';
import { compose } from './compose.ts';
import { oneLine } from './one-line.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

const spanText = (seconds: number): string => {
  const days = seconds / 86_400;
  if (!Number.isInteger(days)) return durationText(seconds);
  return days === 1 ? 'day' : `${days} days`;
};

/** Warns a member whose delivery was disabled by bounces (mailman-behaviour.md, section 13.3). */
export const sendBounceWarning = async (
  {
    cause,
    list,
    member,
    at,
  }: { readonly cause: string; readonly list: MailingList; readonly member: Member; readonly at: Date },
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:user:notice:warning';
  const { email, total_warnings_sent = 0 } = member;
  const { bounce_you_are_disabled_warnings: most, bounce_you_are_disabled_warnings_interval: interval } =
    list.settings;
  const text = await bounceText(
    kind,
    list,
    {
      user_email: email,
      number: String(total_warnings_sent),
      most: String(most),
      days: spanText(interval),
    },
    ports,
  );
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: email,
      at,
      metadata: { verp: ports.site.mta.verp_personalized_deliveries },
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
            to: { name: oneLine(member.display_name), address: email },
            subject: `Your subscription to ${postingAddress(list)} is disabled`,
            body: { text },
          },
          identity,
        ),
    },
    ports,
  );
};
