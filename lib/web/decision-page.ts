import { type Decision, decisions } from '../notices/decision.ts';
import { type Html, html } from './html.ts';
import type { PostLink, RequestLink } from './link.ts';
import { linkPath } from './links.ts';
import { momentShown, type Page, textPage } from './page.ts';
import type { Form } from './web-page.ts';
import { byLink } from './wish.ts';

const words: Readonly<Record<string, string>> = {
  accept: 'accepted',
  reject: 'rejected',
  discard: 'discarded',
  done: 'accepted',
  rejected: 'rejected',
  discarded: 'discarded',
};

const verbs: Readonly<Record<Decision, string>> = { accept: 'Accept', reject: 'Reject', discard: 'Discard' };

/** The links on which a moderator decides. */
type DecidingLink = PostLink | RequestLink;

/** Whether a form asks for what the link is for. A link is for one decision, and no form makes another of it. */
export const decides = (form: Form, { decision }: DecidingLink): boolean => form.field('deed') === decision;

// The reason that an author is given: enough for a paragraph, and not for a second mail.
const longestReason = 1000;

/** The reason that a form gives, on its lines and of a sane length; undefined when there is none. */
export const reasonIn = (form: Form): string | undefined => {
  const reason = form.field('comment').toWellFormed().trim().slice(0, longestReason);
  return reason === '' ? undefined : reason;
};

const reasonField: Html = html`<label for="comment">Your reason (optional)</label>
<textarea id="comment" name="comment" rows="3" maxlength="${longestReason}"></textarea>
`;

/** What a moderator is asked. */
export interface DecisionQuestion {
  /** What it is about, in a word: `post` or `request`. */
  readonly what: string;
  /** What is shown of it. */
  readonly shown: Html;
  /** What follows from each decision. */
  readonly says: Readonly<Record<Decision, string>>;
}

/** Asks for the decision that the link is for, with one button; the others are a page away, each behind a link of its own. */
export const decisionPage = (
  { what, shown, says }: DecisionQuestion,
  link: DecidingLink,
  key: Buffer,
): Page => {
  const { decision } = link;
  const others = decisions.filter((other) => other !== decision);
  return {
    status: 200,
    title: `${verbs[decision]} this ${what}?`,
    body: html`${shown}
<form method="post">
${decision === 'reject' ? reasonField : html``}<button class="first" name="deed" value="${decision}">${verbs[decision]} this ${what}</button>
<p class="small">${says[decision]}</p>
</form>
<h2>Or something else</h2>
${others.map(
  (other) =>
    html`<p><a class="button" href="../${linkPath({ ...link, decision: other }, key)}">${verbs[other]} it instead</a></p>\n`,
)}<p class="small">The next page asks you once more. To decide later, just close this page.</p>`,
  };
};

/** By whom it was decided, as far as that is known. */
const deciderShown = (by: string): string => {
  if (by === 'expired') return 'because it waited too long';
  return by === byLink ? 'through a link in a mail to the moderators' : `by ${by}`;
};

/** Says what was decided, on what, by whom and when. */
export const decidedPage = (
  what: string,
  about: Html,
  { deed, by, at }: { readonly deed: string; readonly by: string; readonly at: string },
): Page => {
  const word = words[deed] ?? 'decided on';
  return {
    status: 200,
    title: `${what} is ${word}`,
    body: html`<p>${about}</p>
<p class="done">It was ${word} ${deciderShown(by)} at ${momentShown(at)}.</p>
<p>There is nothing more to decide.</p>`,
  };
};

/** Says that there is nothing to decide any more, and that it is not known why. */
export const decidedBefore = (what: string): Page =>
  textPage(
    410,
    'There is nothing to decide',
    `${what} does not wait any more. It was decided on before, or its time is over.`,
  );
