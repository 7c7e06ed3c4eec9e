import type { Clock } from '../clock/clock.ts';
import type { HeldMail } from '../held/held-mail.ts';
import type { Member } from '../members/member.ts';
import type { Decision } from '../notices/decision.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import type { Link } from './link.ts';
import { signLink } from './sign-link.ts';

/** Whose membership a link is about. */
export type Membership = Pick<Member, 'list_id' | 'member_id' | 'email'>;

/** An address that may want to join a list. */
export type Applicant = Pick<Member, 'list_id' | 'email'>;

/** The addresses of the web pages, each with a signed token. */
export interface WebLinks {
  /** Where a member leaves, also by one click (RFC 8058). */
  readonly leave: (member: Membership) => string;
  /** Where a member changes what comes. */
  readonly membership: (member: Membership) => string;
  /** Where an address joins that has asked for nothing yet. */
  readonly join: (who: Applicant) => string;
  /** Where an address confirms that it joins or leaves. */
  readonly confirm: (request: SubscriptionRequest) => string;
  /** Where a moderator makes a decision on a request to join or to leave. */
  readonly decide: (request: SubscriptionRequest, decision: Decision) => string;
  /** Where a moderator makes a decision on a held post. */
  readonly moderate: (held: HeldMail, decision: Decision) => string;
}

const day = 86_400;

/**
 * How long links hold: those of members a year, because people keep old mail; those on held posts as long as Mailman's longest wait; those for joining as long as a
 * request does that waits for a reply, unless the site has another time for that.
 */
const lives = { member: 365 * day, post: 180 * day, join: 3 * day } as const;

/** What the addresses of the pages are made with. */
export interface LinkSetting {
  /** Where the pages are, without a slash at the end; undefined: the site has none. */
  readonly url: string | undefined;
  readonly key: Buffer;
  readonly clock: Clock;
}

/** The part of a page's address behind that of all pages. */
export const linkPath = (link: Link, key: Buffer): string => `${link.deed}/${signLink(link, key)}`;

/** The links of a site; undefined when it has no web pages. */
export const linksFor = ({ url, key, clock }: LinkSetting): WebLinks | undefined => {
  if (url === undefined) return undefined;
  // The end of a life is the end of a day, so that a copy that is sent again on the same day is the same.
  const after = (life: number): number =>
    (Math.ceil(clock.now().getTime() / 1000 / day) + Math.ceil(life / day)) * day;
  const to = (link: Link): string => `${url}/${linkPath(link, key)}`;
  const ofMember = ({ list_id, member_id, email }: Membership) =>
    ({ v: 1, list_id, member_id, email, expires: after(lives.member) }) as const;
  const ofRequest = ({ list_id, kind, email, token, expires_at }: SubscriptionRequest) => {
    const expires = Math.floor(Date.parse(expires_at) / 1000);
    return { v: 1, list_id, kind, email, token, expires } as const;
  };
  return {
    leave: (member) => to({ ...ofMember(member), deed: 'leave' }),
    membership: (member) => to({ ...ofMember(member), deed: 'member' }),
    join: ({ list_id, email }) => to({ v: 1, deed: 'join', list_id, email, expires: after(lives.join) }),
    confirm: (request) => to({ ...ofRequest(request), deed: 'confirm' }),
    decide: (request, decision) => to({ ...ofRequest(request), decision, deed: 'request' }),
    moderate: ({ list_id, request_id, mail_id, token }, decision) =>
      to({ v: 1, deed: 'post', decision, list_id, request_id, mail_id, token, expires: after(lives.post) }),
  };
};
