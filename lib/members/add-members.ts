import { randomUUID } from 'node:crypto';
import { addressKey, type EmailAddress } from '../addresses/email-address.ts';
import type { Clock } from '../clock/clock.ts';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import type { Store } from '../store/store.ts';
import type { Member, Role } from './member.ts';
import { parseMemberLine } from './member-line.ts';

/** What adding members needs from outside. */
export interface AddMembersContext {
  readonly store: Store;
  readonly clock: Clock;
}

/** As what the addresses are added. */
export interface AddMembersOptions {
  readonly role?: Role;
  readonly delivery_mode?: Member['delivery_mode'];
  /** Called after each line that named an address. */
  readonly onProgress?: (progress: AddMembersProgress) => void;
}

/** How far it got. */
export interface AddMembersProgress {
  readonly added: number;
  /** Those who had the role before. */
  readonly already: number;
}

/** A line that names nobody who can be added. */
export interface InvalidLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** What came of it. */
export interface AddMembersOutcome extends AddMembersProgress {
  readonly invalid: readonly InvalidLine[];
}

// A request to DynamoDB takes some milliseconds; with 32 under way the processor of the caller is what bounds the pace.
const atOnce = 32;

/** The form of a member id: a UUID without hyphens, as Mailman's REST API 3.1 writes it. */
const newMemberId = (): string => randomUUID().replaceAll('-', '');

/** A member as it is when somebody adds it without saying more. */
export const newMember = (
  list: MailingList,
  role: Role,
  { email, display_name }: { readonly email: EmailAddress; readonly display_name: string },
  now: Date,
): Member => ({
  member_id: newMemberId(),
  list_id: list.list_id,
  role,
  email,
  display_name,
  // What owners and moderators write needs nobody's approval (mailman-behaviour.md, section 20).
  ...(role === 'owner' || role === 'moderator' ? { moderation_action: 'accept' as const } : {}),
  subscribed_at: now.toISOString(),
});

const hasNonmembers = async (store: Store, listId: string): Promise<boolean> => {
  for await (const page of store.members.pages(listId, 'nonmember')) if (page.length > 0) return true;
  return false;
};

/**
 * Adds addresses to a list, one line each (see {@link parseMemberLine}), and sends no mail. Lines that cannot be are
 * reported and the others added; adding again what was added before changes nothing.
 */
export const addMembers = async (
  { store, clock }: AddMembersContext,
  list: MailingList,
  lines: AsyncIterable<string> | Iterable<string>,
  { role = 'member', delivery_mode, onProgress }: AddMembersOptions = {},
): Promise<AddMembersOutcome> => {
  const invalid: InvalidLine[] = [];
  let added = 0;
  let already = 0;
  // Who joins is no nonmember any more; a list without nonmembers, which is the rule, is spared a request for each member.
  const removeNonmembers = role === 'member' && (await hasNonmembers(store, list.list_id));
  const own = postingAddress(list);

  const numbered = (async function* () {
    let line = 0;
    for await (const text of lines) {
      line += 1;
      yield { line, text };
    }
  })();
  await forEachAtOnce(numbered, atOnce, async ({ line, text }) => {
    const parsed = parseMemberLine(text);
    if (parsed.kind === 'nothing') return;
    if (parsed.kind === 'invalid') {
      invalid.push({ line, text, reason: parsed.reason });
      return;
    }
    if (role !== 'nonmember' && addressKey(parsed.email) === own) {
      invalid.push({ line, text, reason: `a list cannot be its own ${role}` });
      return;
    }
    const member = newMember(list, role, parsed, clock.now());
    if (await store.members.add(delivery_mode === undefined ? member : { ...member, delivery_mode }))
      added += 1;
    else already += 1;
    if (removeNonmembers) await store.members.remove(list.list_id, 'nonmember', parsed.email);
    onProgress?.({ added, already });
  });
  return { added, already, invalid: invalid.sort((a, b) => a.line - b.line) };
};
