import type { MailingList } from '../lists/list.ts';
import type { Store } from '../store/store.ts';
import { leaveLinkSchema } from '../web/link.ts';
import { openLinkKey } from '../web/open-links.ts';
import { readLink } from '../web/read-link.ts';
import { sameAddress } from './addresses-in-text.ts';
import type { OurMarks } from './our-marks.ts';
import { type SentPorts, wasSentPost } from './was-sent.ts';

/** What proving a complaint needs of the world. */
export type ProofPorts = SentPorts & { readonly store: Pick<Store, 'secrets'> };

/** The address in a link by which a member of the list leaves, and which nobody but us can have made. */
const signedMember = async (
  list: Pick<MailingList, 'list_id'>,
  { leaveTokens }: OurMarks,
  ports: ProofPorts,
): Promise<string | undefined> => {
  if (leaveTokens.length === 0) return undefined;
  const key = await openLinkKey(ports)();
  for (const token of leaveTokens) {
    const read = readLink(leaveLinkSchema, token, { key, now: ports.clock.now() });
    if (read?.link.list_id === list.list_id) return read.link.email;
  }
  return undefined;
};

const isOurs = async (
  list: Pick<MailingList, 'list_id'>,
  address: string,
  marks: OurMarks,
  ports: ProofPorts,
): Promise<boolean> => {
  if (marks.verp !== undefined && sameAddress(marks.verp, address)) {
    return wasSentPost(list.list_id, address, ports);
  }
  return (
    marks.listId === list.list_id.toLowerCase() &&
    (await wasSentPost(list.list_id, address, ports, marks.messageIds))
  );
};

/**
 * Those of the complainers in a mail for whom it proves that it is about a mail of the list: anybody can write a complaint, and it ends a membership at
 * once. It counts with the link that we signed for a member, who need not be named then; with the member's own envelope sender, where a post went to
 * them; or with the List-Id and the Message-ID of a post that did.
 */
export const provedComplainers = async (
  list: Pick<MailingList, 'list_id'>,
  addresses: readonly string[],
  marks: OurMarks,
  ports: ProofPorts,
): Promise<readonly string[]> => {
  const signed = await signedMember(list, marks, ports);
  if (signed !== undefined) return [signed];
  const proved: string[] = [];
  // Several in one report are rare, and each costs reads.
  for (const address of addresses.slice(0, 5)) {
    if (await isOurs(list, address, marks, ports)) proved.push(address);
  }
  return proved;
};
