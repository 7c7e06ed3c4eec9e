import { banOf } from '../bans/bans.ts';
import type { Member } from '../members/member.ts';
import { missFor, type Rule } from './rule.ts';

const reasons = {
  hold: 'Messages of this member wait for a moderator.',
  reject: 'Messages of this member are not accepted.',
  discard: 'Messages of this member are dropped.',
  accept: 'Messages of this member are accepted as they are.',
} as const;

/** The first sender who is found, and the sender address. */
const firstOf = (
  senders: readonly string[],
  people: ReadonlyMap<string, Member>,
): readonly [string, Member] | undefined => {
  for (const sender of senders) {
    const member = people.get(sender);
    if (member !== undefined) return [sender, member];
  }
  return undefined;
};

/**
 * Hits the post of a member whose moderation action, or that of the list for all members, is other than `defer`. The sender that it names is the
 * one that is the member; Mailman names the last one (mailman-behaviour.md, section 26).
 */
export const memberModeration: Rule = {
  name: 'member-moderation',
  record: true,
  asks: ['members', 'bans'],
  check: ({ list, senders, answers }) => {
    if (senders.some((sender) => banOf(sender, answers.bans) !== undefined)) {
      return missFor('A sender is banned, which is for banned-address to say.');
    }
    const found = firstOf(senders, answers.members);
    if (found === undefined) return missFor('No sender is a member.');
    const [sender, { moderation_action }] = found;
    const action = moderation_action ?? list.settings.default_member_action;
    if (action === 'defer') return missFor('The posts of this member are not moderated.');
    return {
      hit: true,
      reason: reasons[action],
      metadata: { member_moderation_action: action, moderation_sender: sender },
    };
  },
};
