import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { preferenceOf } from '../members/effective.ts';
import { deliveryModes, type Member } from '../members/member.ts';
import { offerFreshLink, sendFreshLink } from './fresh-link.ts';
import { type Html, html } from './html.ts';
import { leftPage } from './left-page.ts';
import { type MemberLink, memberLinkSchema } from './link.ts';
import { linkPath } from './links.ts';
import { addressShown, namedMembership } from './named-membership.ts';
import { nothingHere, oneButton, type Page, textPage } from './page.ts';
import type { Form, Visit, WebPage, WebPorts } from './web-page.ts';

type Mode = (typeof deliveryModes)[number];

const modeNames: Readonly<Record<Mode, string>> = {
  regular: 'Each message by itself',
  plaintext_digests: 'Digests, as plain text',
  mime_digests: 'Digests, with the messages attached',
  summary_digests: 'Digests, as a summary',
};

/** The membership that a link names; where there is none, the page that says so. Of who has the address by now nothing is told. */
const membershipOf = async (
  { link, list }: Visit<MemberLink>,
  ports: WebPorts,
): Promise<{ readonly member: Member } | { readonly none: Page }> => {
  const named = await namedMembership(link, ports);
  switch (named.kind) {
    case 'member':
      return named;
    case 'gone':
      return { none: leftPage(link, list) };
    case 'another':
      return { none: nothingHere };
  }
};

const statusShown = (member: Member): string => {
  switch (preferenceOf(member, 'delivery_status')) {
    case 'enabled':
      return 'Messages come';
    case 'by_moderator':
      return 'Stopped by a moderator';
    case 'by_bounces':
      return 'Stopped, because messages came back';
    case 'by_user':
    case 'unknown':
      return 'Paused';
  }
};

const pausing = (member: Member, list: MailingList): Html => {
  switch (preferenceOf(member, 'delivery_status')) {
    case 'enabled':
      return oneButton('pause', 'Pause messages');
    case 'by_moderator': {
      const owner = listAddress(list, 'owner');
      return html`<p>Only the owners of the list can start them again: <a href="mailto:${owner}">${owner}</a>.</p>`;
    }
    default:
      return oneButton('resume', 'Start messages again');
  }
};

/** The modes that a member can choose: digests where the list makes them, and what is set already. */
const modesFor = (member: Member, { settings }: MailingList): readonly Mode[] => {
  const current = preferenceOf(member, 'delivery_mode');
  return deliveryModes.filter((mode) => mode === 'regular' || mode === current || settings.digests_enabled);
};

const choosing = (member: Member, list: MailingList): Html => {
  const current = preferenceOf(member, 'delivery_mode');
  const option = (mode: Mode): Html =>
    mode === current
      ? html`<option value="${mode}" selected>${modeNames[mode]}</option>`
      : html`<option value="${mode}">${modeNames[mode]}</option>`;
  const modes = modesFor(member, list);
  if (modes.length < 2) return html``;
  return html`<form method="post"><label for="mode">How messages come</label>
<select id="mode" name="mode">${modes.map(option)}</select>
<button name="deed" value="mode">Change</button></form>`;
};

const page = async (
  { member, list, link }: { readonly member: Member; readonly list: MailingList; readonly link: MemberLink },
  said: string,
  ports: WebPorts,
): Promise<Page> => {
  const leave = linkPath({ ...link, deed: 'leave' }, await ports.key());
  return {
    status: 200,
    title: 'Your membership',
    body: html`${said === '' ? '' : html`<p class="done">${said}</p>`}
<dl>
<dt>List</dt><dd>${postingAddress(list)}</dd>
<dt>Your address</dt><dd>${addressShown(link, member)}</dd>
<dt>Messages</dt><dd>${statusShown(member)}</dd>
<dt>How they come</dt><dd>${modeNames[preferenceOf(member, 'delivery_mode')]}</dd>
</dl>
${pausing(member, list)}
${choosing(member, list)}
<p><a class="button" href="../${leave}">Leave the list</a></p>
<p class="small">The next page asks you once more.</p>
<p class="small">Who has the link to this page can change what is on it. Please do not hand it on.</p>`,
  };
};

const isMode = (text: string): text is Mode => deliveryModes.some((mode) => mode === text);

/** What is written, if anything is left to write, and what is said then. */
interface Change {
  readonly fields?: Readonly<Record<string, string>>;
  readonly said: string;
}

/**
 * What a form wishes; undefined when it is nothing that this page does. Whoever got no answer presses again, and is told that it is so, as if it had been
 * done just now.
 */
const changeBy = (form: Form, member: Member, list: MailingList): Change | undefined => {
  const status = preferenceOf(member, 'delivery_status');
  const mode = form.field('mode');
  switch (form.field('deed')) {
    case 'pause': {
      const said = 'Messages are paused. You stay on the list.';
      if (status === 'by_user') return { said };
      return status === 'enabled' ? { fields: { delivery_status: 'by_user' }, said } : undefined;
    }
    case 'resume': {
      const said = 'Messages come again.';
      if (status === 'enabled') return { said };
      // What a moderator stopped, a moderator starts again.
      return status === 'by_moderator' ? undefined : { fields: { delivery_status: 'enabled' }, said };
    }
    case 'mode':
      return isMode(mode) && modesFor(member, list).includes(mode)
        ? { fields: { delivery_mode: mode }, said: 'It is changed.' }
        : undefined;
    default:
      return undefined;
  }
};

/** The page on which a member sees and changes what comes. */
export const memberPage: WebPage<MemberLink> = {
  schema: memberLinkSchema,
  show: async (visit, ports) => {
    const found = await membershipOf(visit, ports);
    if ('none' in found) return found.none;
    return page({ ...visit, member: found.member }, '', ports);
  },
  act: async (visit, form, ports) => {
    const found = await membershipOf(visit, ports);
    if ('none' in found) return found.none;
    const { member } = found;
    const { link, list } = visit;
    const change = changeBy(form, member, list);
    if (change?.fields === undefined) return page({ member, list, link }, change?.said ?? '', ports);
    const { list_id, member_id, delivery_status } = member;
    // Only while it is as it was read: a moderator may have stopped delivery in between, and that stays.
    const only = { member_id, delivery_status };
    const changed = await ports.store.members.set(list_id, 'member', member.email, change.fields, only);
    if (changed !== undefined) return page({ member: changed, list, link }, change.said, ports);
    return textPage(
      409,
      'Somebody else changed it',
      'Nothing was changed by you. Please open the link once more.',
    );
  },
  showExpired: offerFreshLink,
  actExpired: sendFreshLink,
};
