import { addressKey } from '../addresses/email-address.ts';
import type { Member } from '../members/member.ts';
import { type Html, html } from './html.ts';
import type { LeaveLink, MemberLink } from './link.ts';
import type { WebPorts } from './web-page.ts';

/** How it stands with the membership that a link names: it is there, or it has ended; or somebody else has the address by now. */
export type Named =
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'gone' }
  | { readonly kind: 'another' };

type Link = LeaveLink | MemberLink;

/** Nobody changes addresses more often within the life of a link, and a circle must have an end. */
const mostMoves = 8;

/** The membership that a link names, also when another address has taken the place of the one to which the link was sent. */
export const namedMembership = async (
  { list_id, email, member_id }: Link,
  { store, clock }: Pick<WebPorts, 'store' | 'clock'>,
): Promise<Named> => {
  const here = await store.members.get(list_id, 'member', email);
  if (here?.member_id === member_id) return { kind: 'member', member: here };
  let id = member_id;
  for (let left = mostMoves; left > 0; left -= 1) {
    const to = await store.moved.get(id, clock.now());
    if (to === undefined) break;
    const member = await store.members.get(list_id, 'member', to.email);
    if (member?.member_id === to.member_id) return { kind: 'member', member };
    if (to.member_id === id) break;
    id = to.member_id;
  }
  return { kind: here === undefined ? 'gone' : 'another' };
};

/** The address of a membership, as who holds the link may know it: a mailbox that was given up may be read by somebody else. */
export const addressShown = ({ email }: Link, member: Member): Html =>
  addressKey(email) === addressKey(member.email)
    ? html`<b>${member.email}</b>`
    : html`<b>${email}</b> (which has become another address)`;
