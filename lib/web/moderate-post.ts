import { setTimeout as pause } from 'node:timers/promises';
import type { HeldMail, Moderation } from '../held/held-mail.ts';
import { wishAbout } from '../held/wish-about.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import { oneLine } from '../notices/one-line.ts';
import { subjectShown } from '../notices/reasons.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { decidedBefore, decidedPage, decides, decisionPage, reasonIn } from './decision-page.ts';
import { type Html, html } from './html.ts';
import { type PostLink, postLinkSchema } from './link.ts';
import { momentShown, onItsWay, type Page } from './page.ts';
import type { Visit, WebPage, WebPorts } from './web-page.ts';
import { byLink, wishIdOf } from './wish.ts';

const what = 'The post';

/** How often it is looked whether a decision was made. */
const strideMs = 200;

const says = {
  accept: 'The post goes out to everybody on the list.',
  reject: 'Nobody gets the post, and its author is told.',
  discard: 'Nobody gets the post, and nobody is told.',
} as const;

const postShown = ({ sender, subject, reasons, hold_date }: HeldMail, list: MailingList): Html => html`<dl>
<dt>To</dt><dd>${postingAddress(list)}</dd>
<dt>From</dt><dd>${sender === '' ? 'unknown' : oneLine(sender)}</dd>
<dt>Subject</dt><dd>${subjectShown(subject)}</dd>
<dt>Since</dt><dd>${momentShown(hold_date)}</dd>
<dt>Why it waits</dt>${(reasons.length === 0 ? ['No reason is known.'] : reasons).map(
  (reason) => html`<dd>${oneLine(reason, 500)}</dd>`,
)}
</dl>
<p class="small">The post itself is attached to the mail that brought you here.</p>`;

/** The post in a sentence, once it does not wait any more: of its headers nothing is kept where the pages can read it. */
const postNamed = ({ envelope, metadata }: MailRecord, list: MailingList): Html =>
  html`A post to <b>${postingAddress(list)}</b>, sent by <b>${envelope.sender === '' ? 'nobody that one could answer' : oneLine(envelope.sender)}</b>, which arrived at ${momentShown(metadata.received_time)}.`;

/** The record of the held mail that a link names; it outlives the decision. */
const recordOf = async (
  { list_id, mail_id, request_id, token }: PostLink,
  { store }: WebPorts,
): Promise<MailRecord | undefined> => {
  const record = await store.mails.get(mail_id);
  const same =
    record?.list_id === list_id && record.hold?.request_id === request_id && record.hold.token === token;
  return same ? record : undefined;
};

/** Waits for the decision; what is done with the bytes of held mail is the business of the function command, which alone may. */
const decisionOn = async (
  mailId: string,
  { store, clock, site }: WebPorts,
): Promise<Moderation | undefined> => {
  const until = clock.now().getTime() + site.web.patience * 1000;
  for (;;) {
    const { moderation } = (await store.mails.get(mailId)) ?? {};
    if (moderation !== undefined || clock.now().getTime() >= until) return moderation;
    await pause(strideMs);
  }
};

const shown = async ({ link, list }: Visit<PostLink>, ports: WebPorts): Promise<Page> => {
  const record = await recordOf(link, ports);
  if (record === undefined) return decidedBefore(what);
  if (record.moderation !== undefined) return decidedPage(what, postNamed(record, list), record.moderation);
  const held = await ports.store.held.get(link.list_id, link.request_id);
  if (held === undefined) return decidedBefore(what);
  return decisionPage({ what: 'post', shown: postShown(held, list), says }, link, await ports.key());
};

/** The page on which a moderator decides on a held post. */
export const postPage: WebPage<PostLink> = {
  schema: postLinkSchema,
  show: shown,
  act: async (visit, form, ports) => {
    const { link, token } = visit;
    const [record, held] = await Promise.all([
      recordOf(link, ports),
      ports.store.held.get(link.list_id, link.request_id),
    ]);
    if (!decides(form, link) || record === undefined || record.moderation !== undefined) {
      return shown(visit, ports);
    }
    if (held === undefined || held.mail_id !== link.mail_id) return decidedBefore(what);
    const { decision: deed } = link;
    const comment = deed === 'reject' ? reasonIn(form) : undefined;
    const wish = {
      wish: wishIdOf(token, deed),
      by: byLink,
      deed,
      ...(comment === undefined ? {} : { comment }),
    };
    await ports.queues.send([wishAbout(held, wish)]);
    const moderation = await decisionOn(link.mail_id, ports);
    return moderation === undefined
      ? onItsWay('Your decision is noted.')
      : decidedPage(what, postNamed(record, visit.list), moderation);
  },
  showExpired: async () => decidedBefore(what),
  actExpired: async () => decidedBefore(what),
};
