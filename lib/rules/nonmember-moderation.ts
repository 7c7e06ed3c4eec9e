import { addressKey } from '../addresses/email-address.ts';
import { banOf } from '../bans/bans.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import type { moderationActions } from '../members/member.ts';
import type { MetadataNotes } from '../queue/messages.ts';
import { patternOrNone } from '../regex/pattern.ts';
import { missFor, type Rule, type RuleResult } from './rule.ts';

type Action = (typeof moderationActions)[number];

/** The lists of the settings in the order in which they are asked, and what each means. */
const lists = [
  ['accept_these_nonmembers', 'accept'],
  ['hold_these_nonmembers', 'hold'],
  ['reject_these_nonmembers', 'reject'],
  ['discard_these_nonmembers', 'discard'],
] as const;

const reasons = {
  hold: 'The sender is not a member of this list.',
  reject: 'Only members may post to this list.',
  discard: 'Messages of this sender are dropped.',
  accept: 'Messages of people from outside are accepted as they are.',
} as const;

const isNamed = (entries: readonly string[], sender: string): boolean =>
  entries.some((entry) =>
    entry.startsWith('^')
      ? patternOrNone(entry, 'same')?.beginsIn(sender) === true
      : addressKey(entry) === sender,
  );

/** What the four settings say of a sender. */
const actionInLists = ({ settings }: MailingList, sender: string): Action | undefined =>
  lists.find(([setting]) => isNamed(settings[setting], sender))?.[1];

/** The key of the metadata that names who is to be noted as a nonmember; `lib/runners/incoming.ts` does it. */
export const newNonmembers = 'new_nonmembers';

const answer = (action: Action, sender: string | undefined, notes: MetadataNotes): RuleResult => {
  if (action === 'defer') {
    return { ...missFor('The sender is no member, and the other rules decide.'), metadata: notes };
  }
  return {
    hit: true,
    reason: reasons[action],
    metadata: {
      ...notes,
      member_moderation_action: action,
      moderation_sender: sender ?? 'N/A',
    },
  };
};

/**
 * Hits the post of somebody who is no member, unless something lets it pass: an action of that nonmember, one of the four `..._these_nonmembers`
 * settings, or the default of the list. Who was not known becomes a nonmember, after the decision is made, so that an owner can say what happens next time.
 */
export const nonmemberModeration: Rule = {
  name: 'nonmember-moderation',
  record: true,
  asks: ['members', 'bans'],
  check: ({ list, senders, answers, metadata }) => {
    if (senders.some((sender) => banOf(sender, answers.bans) !== undefined)) {
      return missFor('A sender is banned, which is for banned-address to say.');
    }
    const fallback = list.settings.default_nonmember_action;
    if (senders.length === 0) return answer(fallback, undefined, {});
    const isMember = senders.some((sender) => answers.members.has(sender));
    const strangers = isMember
      ? []
      : [...new Set(senders)].filter(
          (sender) => !answers.nonmembers.has(sender) && sender !== postingAddress(list),
        );
    const notes: MetadataNotes = strangers.length === 0 ? {} : { [newNonmembers]: strangers };
    if (metadata.fromusenet === true) {
      return { ...missFor('The message comes from the newsgroup.'), metadata: notes };
    }
    if (isMember) return missFor('A sender is a member.');
    for (const sender of senders) {
      const own = answers.nonmembers.get(sender)?.moderation_action;
      if (own !== undefined) return answer(own, sender, notes);
      const listed = actionInLists(list, sender);
      if (listed === 'accept') {
        return { ...missFor(`${sender} is named in accept_these_nonmembers.`), metadata: notes };
      }
      if (listed !== undefined) return answer(listed, sender, notes);
    }
    return answer(fallback, senders[0], notes);
  },
};
