import { type Html, html } from './html.ts';
import { momentShown, type Page, textPage } from './page.ts';
import type { Form } from './web-page.ts';

/** What a moderator can decide on a page. */
export const decisions = ['accept', 'reject', 'discard'] as const;
export type Decision = (typeof decisions)[number];

const words: Readonly<Record<string, string>> = {
  accept: 'accepted',
  reject: 'rejected',
  discard: 'discarded',
  done: 'accepted',
  rejected: 'rejected',
  discarded: 'discarded',
};

/** What a form decides; undefined when it decides nothing. */
export const decisionIn = (form: Form): Decision | undefined =>
  decisions.find((decision) => decision === form.field('deed'));

// The reason that an author is given: enough for a paragraph, and not for a second mail.
const longestReason = 1000;

/** The reason that a form gives, on its lines and of a sane length; undefined when there is none. */
export const reasonIn = (form: Form): string | undefined => {
  const reason = form.field('comment').toWellFormed().trim().slice(0, longestReason);
  return reason === '' ? undefined : reason;
};

/** The three buttons, each with what it does. */
export const decisionForm = (says: Readonly<Record<Decision, string>>): Html =>
  html`<form method="post">
<button class="first" name="deed" value="accept">Accept</button>
<p class="small">${says.accept}</p>
</form>
<form method="post">
<label for="comment">Your reason, if you reject it (optional)</label>
<input id="comment" name="comment" maxlength="${longestReason}" autocomplete="off">
<button name="deed" value="reject">Reject</button>
<p class="small">${says.reject}</p>
</form>
<form method="post">
<button name="deed" value="discard">Discard</button>
<p class="small">${says.discard}</p>
</form>`;

/** Says what was decided, by whom and when. */
export const decidedPage = (
  what: string,
  { deed, by, at }: { readonly deed: string; readonly by: string; readonly at: string },
): Page => {
  const word = words[deed] ?? 'decided on';
  const who = by === 'expired' ? 'because it waited too long' : `by ${by}`;
  return {
    status: 200,
    title: `${what} is ${word}`,
    body: html`<p class="done">It was ${word} ${who} at ${momentShown(at)}.</p>
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
