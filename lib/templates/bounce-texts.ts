import type { Template } from './templates.ts';

const member = 'the address that it is about, with its name';
const user_email = 'the address that it is about';
const reason = 'why mail comes back, in a few words, such as user-unknown 5.1.1';

/** Every text about bounces, by Mailman's name where it has one (mailman-behaviour.md, section 23). */
export const bounceTexts = {
  'list:user:notice:probe': {
    purpose:
      'To a member whose mail has come back on several days, to see whether the address takes mail at all; site setting mta.verp_probes.',
    variables: { user_email },
    text: `This is a probe. You can ignore it.

Messages of the mailing list $listname to $user_email have come back on several days, as if the address did not take mail. If you can read this, it does, and nothing has to be done. If this message comes back as well, no more messages are sent to $user_email.

If you have questions, please write to $owner_email.
`,
  },
  'list:user:notice:warning': {
    purpose:
      'To a member whose delivery was disabled by bounces, a number of times before the member is removed.',
    variables: {
      user_email,
      number: 'the number of this warning',
      most: 'how many there are',
      days: 'how long it is to the next one, such as 7 days',
    },
    text: `Messages of the mailing list $listname to $user_email have come back too often. No more are sent to this address for now.

If you want them again, please write to $owner_email. If nothing is done, you get a message like this every $days, and after the last one $user_email is taken off the list. This is warning $number of $most.
`,
  },
  'list:admin:notice:increment': {
    purpose:
      'To the owners and moderators of a list, when a bounce raises the score of a member; setting bounce_notify_owner_on_bounce_increment. The bounce is attached.',
    variables: {
      member,
      user_email,
      score: 'the score now',
      threshold: 'at which score delivery is disabled',
      reason,
    },
    text: `A message of $listname to a member came back, and the member's bounce score is now $score. At $threshold delivery is disabled.

    $member
    $reason
`,
  },
  'list:admin:notice:disable': {
    purpose:
      'To the owners and moderators of a list, when bounces disable delivery to a member; setting bounce_notify_owner_on_disable. The bounce is attached.',
    variables: { member, user_email, reason },
    text: `Messages of $listname to a member come back. Delivery to this member is disabled.

    $member
    $reason

The member is warned, and taken off the list after the last warning. On the command line this sends messages again, with a score of 0:

    npx belfry member set $listname $user_email delivery_status=enabled
`,
  },
  'list:admin:notice:removal': {
    purpose:
      'To the owners and moderators of a list, when bounces take a member off it; setting bounce_notify_owner_on_removal.',
    variables: { member, user_email, reason },
    text: `A member was taken off $listname because messages came back and all warnings had no answer.

    $member
    $reason
`,
  },
  'list:admin:notice:complaint': {
    purpose: 'To the owners and moderators of a list, when a member reports a message of the list as spam.',
    variables: { member, user_email },
    text: `A member reported a message of $listname as spam. Mail providers count such reports against whoever sends, so the member was taken off the list at once, and is not told.

    $member

Many press the button by mistake, or because they do not know how to leave. Whoever wants to come back may join again.
`,
  },
  'list:admin:notice:blocked': {
    purpose:
      'To the owners and moderators of a list, once a day, when messages were refused for what they are or for whom they come from.',
    variables: {
      day: 'the day',
      count: 'how often',
      lines: 'whose server refused, how often and why, one in a line',
    },
    text: `On $day messages of $listname were refused $count times, not because an address is wrong, but because of what was sent or of who sends it: a block list, a policy such as DMARC, or their content. Nobody's score is raised by that.

$lines

Whoever runs Belfry may have to look into it: the domains' SPF, DKIM and DMARC records, whether the sending server is on a block list, and the list's setting dmarc_mitigate_action.
`,
  },
  'list:admin:notice:unrecognized': {
    purpose:
      'To the owners and moderators of a list, or to the site owner, when mail to the bounces address was not understood; setting forward_unrecognized_bounces_to. The mail is attached.',
    variables: { list_setting: 'the name of the setting that says who gets this' },
    text: `The attached message came to the address to which bounces of $listname go. Belfry could not tell whom it is about, or whether it is a bounce at all.

It is the first of this day. If more come, you are told of all of them in one message when the day is over. Who is told is the list's setting $list_setting.
`,
  },
  'list:admin:notice:unrecognized-summary': {
    purpose:
      'To the same people, after a day on which more than one such mail came: what the others were. None is attached.',
    variables: {
      day: 'the day',
      count: 'how many beside the first',
      lines: 'sender and subject of each, one in a line',
    },
    text: `On $day $count more messages came to the address to which bounces of $listname go, and Belfry could not tell whom they are about.

$lines

Whoever runs Belfry can read each of them for as long as posts are kept:

    npx belfry post show ID
`,
  },
} as const satisfies Readonly<Record<string, Template>>;

/** The name of a text about bounces. */
export type BounceTextName = keyof typeof bounceTexts;

/** The variables that such a text needs beside those of every list. */
export type BounceTextVariables<N extends BounceTextName> = Readonly<
  Record<keyof (typeof bounceTexts)[N]['variables'], string>
>;
