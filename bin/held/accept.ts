import { moderationActions } from '../../lib/members/member.ts';
import { UsageError } from '../cli/errors.ts';
import type { OptionValues, Verb } from '../cli/verb.ts';
import { asOption } from './moderator.ts';
import { decide } from './wish.ts';

/** What shall happen to later posts of the sender. */
const senderActionFrom = (options: OptionValues): (typeof moderationActions)[number] | undefined => {
  const given = options.text('from-now-on');
  const action = moderationActions.find((known) => known === given);
  if (given !== undefined && action === undefined) {
    throw new UsageError(`--from-now-on is one of ${moderationActions.join(', ')}, not "${given}"`);
  }
  return action;
};

/** `held accept` */
export const verb: Verb = {
  summary: 'Accept held mails: they become posts.',
  usage: 'LIST NUMBER...',
  details: [
    'Waits until it is done, and tells of each mail what came of it: when somebody else was first, who and when.',
    'With --from-now-on, later posts of the same sender are treated so without asking: of a member by the moderation action of the',
    'member, of anybody else by that of a nonmember.',
  ].join('\n'),
  examples: [
    ['held accept ant@example.com 7 8', 'Accept two mails.'],
    ['held accept ant@example.com 7 --from-now-on accept', 'Accept this one and everything from now on.'],
  ],
  options: {
    'from-now-on': { takes: 'ACTION', doc: `Later posts of the sender: ${moderationActions.join(', ')}.` },
    as: asOption,
  },
  run: (call) => {
    const sender_action = senderActionFrom(call.options);
    return decide(call, { deed: 'accept', ...(sender_action === undefined ? {} : { sender_action }) });
  },
};
