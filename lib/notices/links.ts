import type { HeldMail } from '../held/held-mail.ts';
import type { Member } from '../members/member.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { type Decision, decisions } from './decision.ts';

/** For each decision the page that asks for it and does it. */
export type DecisionLinks = Readonly<Record<Decision, string>>;

/** The addresses of the web pages that stand in notices; each is undefined when the site has no web pages. */
export interface Links {
  /** Where an address joins that has asked for nothing yet. */
  readonly join: (who: Pick<Member, 'list_id' | 'email'>) => Promise<string | undefined>;
  /** Where a request is confirmed by whom it waits for. */
  readonly confirm: (request: SubscriptionRequest) => Promise<string | undefined>;
  /** Where a moderator decides on a request. */
  readonly decide: (request: SubscriptionRequest) => Promise<DecisionLinks | undefined>;
  /** Where a moderator decides on a held post. */
  readonly moderate: (held: HeldMail) => Promise<DecisionLinks | undefined>;
  /** Where a member changes what comes, or leaves. */
  readonly membership: (
    member: Pick<Member, 'list_id' | 'email' | 'member_id'>,
  ) => Promise<string | undefined>;
}

const none = async (): Promise<undefined> => undefined;

/** The links of a site without web pages. */
export const noLinks: Links = { join: none, confirm: none, decide: none, moderate: none, membership: none };

/** A paragraph with a link, to be put behind another paragraph; empty when there is none. */
export const linkParagraph = (says: string, link: string | undefined): string =>
  link === undefined ? '' : `\n\n${says}\n\n    ${link}`;

const decisionNames = { accept: 'Accept', reject: 'Reject', discard: 'Discard' } as const;

/** Paragraphs with a link for each decision, to be put behind another paragraph; empty when there are none. */
export const decisionParagraphs = (links: DecisionLinks | undefined): string => {
  if (links === undefined) return '';
  const each = decisions.map((decision) => `    ${decisionNames[decision]}:\n    ${links[decision]}`);
  return ['', 'On the web, each of these opens a page that asks once more:', ...each].join('\n\n');
};
