import { type MailingList, postingAddress } from '../lists/list.ts';
import type { Member } from '../members/member.ts';
import { personShown } from './about-subscription.ts';
import { bounceText } from './bounce-text.ts';
import { oneLine } from './one-line.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAdministrators } from './tell-administrators.ts';

/** What the owners are told of a member and bounces. */
export interface BounceNews {
  /** The event, which makes it the same notice however often it is told. */
  readonly cause: string;
  readonly list: MailingList;
  readonly member: Member;
  /** The moment of the event. */
  readonly at: Date;
  /** Where the bounce lies, to be attached while it is there. */
  readonly blob?: string | undefined;
}

const attachedOf = async (
  { blob }: BounceNews,
  { blobs }: Pick<NoticePorts, 'blobs'>,
): Promise<readonly Buffer[]> => {
  const bytes = blob === undefined ? undefined : await blobs.get(blob);
  return bytes === undefined ? [] : [bytes];
};

const about = ({ member }: BounceNews) => ({
  member: personShown(member),
  user_email: member.email,
  reason: oneLine(member.bounce_why ?? 'not known'),
});

const tell = async (
  news: BounceNews,
  what: { readonly kind: string; readonly subject: string; readonly text: string },
  ports: NoticePorts,
  attached: readonly Buffer[] = [],
): Promise<void> =>
  tellAdministrators(
    { cause: news.cause, list: news.list, at: news.at, attached: () => attached, ...what },
    ports,
  );

/** Tells that the score of a member is higher now, if the list wants that. */
export const tellIncrement = async (news: BounceNews, ports: NoticePorts): Promise<void> => {
  const { list, member } = news;
  if (!list.settings.bounce_notify_owner_on_bounce_increment) return;
  const kind = 'list:admin:notice:increment';
  const score = {
    score: String(member.bounce_score ?? 0),
    threshold: String(list.settings.bounce_score_threshold),
  };
  const text = await bounceText(kind, list, { ...about(news), ...score }, ports);
  const subject = `${member.email} bounces on ${postingAddress(list)}`;
  await tell(news, { kind, subject, text }, ports, await attachedOf(news, ports));
};

/** Tells that delivery to a member is disabled, if the list wants that. */
export const tellDisable = async (news: BounceNews, ports: NoticePorts): Promise<void> => {
  const { list, member } = news;
  if (!list.settings.bounce_notify_owner_on_disable) return;
  const kind = 'list:admin:notice:disable';
  const text = await bounceText(kind, list, about(news), ports);
  const subject = `Delivery to ${member.email} is disabled on ${postingAddress(list)}`;
  await tell(news, { kind, subject, text }, ports, await attachedOf(news, ports));
};

/** Tells that bounces took a member off the list, if the list wants that. */
export const tellRemoval = async (news: BounceNews, ports: NoticePorts): Promise<void> => {
  const { list, member } = news;
  const { bounce_notify_owner_on_removal, admin_notify_mchanges } = list.settings;
  // Mailman falls back to its notice of who left (mailman-behaviour.md, section 13.3); ours says why as well.
  if (!bounce_notify_owner_on_removal && !admin_notify_mchanges) return;
  const kind = 'list:admin:notice:removal';
  const text = await bounceText(kind, list, about(news), ports);
  await tell(
    news,
    { kind, subject: `${member.email} was removed from ${postingAddress(list)} by bounces`, text },
    ports,
  );
};

/** Tells that a member complained and was taken off the list. */
export const tellComplaint = async (news: BounceNews, ports: NoticePorts): Promise<void> => {
  const { list, member } = news;
  const kind = 'list:admin:notice:complaint';
  const { reason: _, ...named } = about(news);
  const text = await bounceText(kind, list, named, ports);
  const subject = `${member.email} reported a message of ${postingAddress(list)} as spam`;
  await tell(news, { kind, subject, text }, ports, await attachedOf(news, ports));
};
