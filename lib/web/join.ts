import { isEnded } from '../subscriptions/request.ts';
import { askToConfirm, notAdmitted, usedUp, whatCameOfIt } from './confirm.ts';
import { type JoinLink, joinLinkSchema } from './link.ts';
import { onItsWay } from './page.ts';
import type { Visit, WebPage, WebPorts } from './web-page.ts';
import { doWish } from './wish.ts';

const joining = ({ link: { list_id, email }, list, now }: Visit<JoinLink>) => ({
  link: { list_id, email, kind: 'join' } as const,
  list,
  now,
});

/** How it stands with an address: on the list or in the hands of a moderator, about to confirm something, or a stranger. */
const standing = async ({ link: { list_id, email }, now }: Visit<JoinLink>, { store }: WebPorts) => {
  const [member, request] = await Promise.all([
    store.members.get(list_id, 'member', email),
    store.requests.get(list_id, 'join', email, now),
  ]);
  const waits = request !== undefined && !isEnded(request.state) ? request : undefined;
  return { settled: member !== undefined || waits?.state === 'moderating', waits };
};

/**
 * The page on which an address joins that got an answer as a stranger: that was the one mail of the day, so it cannot be asked by another one to confirm. Who has the
 * link has read the mail of the address, which is what a confirmation proves.
 */
export const joinPage: WebPage<JoinLink> = {
  schema: joinLinkSchema,
  show: async (visit, ports) => {
    const { settled } = await standing(visit, ports);
    const wished = joining(visit);
    return settled ? whatCameOfIt(wished, ports) : askToConfirm(wished.link, visit.list);
  },
  act: async (visit, form, ports) => {
    if (form.field('deed') !== 'confirm') return joinPage.show(visit, ports);
    const { settled, waits } = await standing(visit, ports);
    if (settled) return whatCameOfIt(joining(visit), ports);
    const { list_id: listid, email } = visit.link;
    const outcome = await doWish(
      waits === undefined
        ? { listid, deed: 'join', email, pre_verified: true, pre_confirmed: true, by: email }
        : { listid, deed: 'confirm', token: waits.token, by: email },
      visit.token,
      ports,
    );
    if (outcome === undefined) return onItsWay('You join the list.');
    if (outcome.kind === 'refused' && outcome.reason === 'banned') return notAdmitted;
    return whatCameOfIt(joining(visit), ports);
  },
  showExpired: async () => usedUp,
  actExpired: async () => usedUp,
};
