import { type Html, html } from './html.ts';

/** What is answered to a person: one heading, and what is under it. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
}

// System fonts and nothing from elsewhere; text of at least 16 px, which no phone enlarges by itself, and buttons of at least 44 px, which a thumb
// hits (WCAG 2.2, success criterion 2.5.5).
const style = html`<style>
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 36rem; padding: 1.25rem; font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
dl { margin: 1rem 0; }
dt { font-weight: 600; margin-top: .5rem; }
dd { margin: 0; }
form { margin: 1.25rem 0; }
button, a.button, select, textarea { box-sizing: border-box; width: 100%; min-height: 3rem; font: inherit; padding: .5rem .75rem; border: 1px solid #767676; border-radius: .5rem; }
button, a.button { font-weight: 600; cursor: pointer; margin-top: .75rem; background: Canvas; color: CanvasText; }
a.button { display: flex; align-items: center; justify-content: center; text-decoration: none; }
button.first { background: #0b57d0; border-color: #0b57d0; color: #fff; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
.done { border-left: .25rem solid #188038; padding: .5rem .75rem; }
.small { font-size: .9375rem; }
</style>`;

/** The whole of a page in HTML. */
export const renderPage = ({ title, body }: Page): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${style}
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.markup;

/** A page of a heading and paragraphs. */
export const textPage = (status: number, title: string, ...paragraphs: readonly (string | Html)[]): Page => ({
  status,
  title,
  body: html`${paragraphs.map((one) => html`<p>${one}</p>\n`)}`,
});

/** A form with one button, which posts to the page that it is on. */
export const oneButton = (deed: string, says: string): Html =>
  html`<form method="post"><button class="first" name="deed" value="${deed}">${says}</button></form>\n`;

/**
 * What is answered to every link that does nothing: forged, of somebody else, of a list that is gone. It is always the same, so that nobody learns
 * from it who is on a list.
 */
export const nothingHere: Page = textPage(
  404,
  'This link does nothing',
  'It is not complete, or it does not count any more. Nothing was changed.',
  'Please look for the link in a newer mail from the list.',
);

/** What is answered when a wish is on its way and nothing has been seen of it yet. */
export const onItsWay = (wish: string): Page =>
  textPage(202, 'It is on its way', `${wish} It takes effect within a minute. You need not do it again.`);

/** A moment as a page shows it: minutes in UTC, because nobody knows where the reader is. */
export const momentShown = (moment: string | Date): string =>
  `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
