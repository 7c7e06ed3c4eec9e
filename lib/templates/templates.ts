/** A text that Belfry writes, and that a site, a domain or a list can put another in place of. */
export interface Template {
  /** When it is written, and to whom; one sentence for the documentation. */
  readonly purpose: string;
  /** The variables that it has beside those of every list, with what each holds. */
  readonly variables: Readonly<Record<string, string>>;
  /** The built-in text. Paragraphs are wrapped after the variables are filled in; indented ones stay as they are. */
  readonly text: string;
}

const subject = 'the subject of the post';
const sender_email = 'the address of its author';
const reasons = 'why, one reason in a line';
const message_id = 'the Message-ID of the post';
const date = 'when the post was received';
const post_id = 'the id of the post, which npx belfry post takes';
const reply = 'the codes of the reply of the mail server, such as 554 5.6.0';
const reason = 'what they mean, in general words';
const token = 'the token of the request, which the subject of this mail names as well';
const confirm_email = 'the address that a reply goes to';
const user_email = 'the address that it is about';
const page = 'a web page for the same, as a paragraph of its own; empty when the site has none';
const pages = 'a web page for each decision, as paragraphs of their own; empty when the site has none';
const member = 'the address that it is about, with its name';

/**
 * Every text, by Mailman's name for it (mailman-behaviour.md, section 23). A new one is one entry here; `docs/templates.md` is held
 * against this table.
 */
export const templates = {
  'list:user:notice:hold': {
    purpose: 'To the author of a post that waits for a moderator.',
    variables: { subject, sender_email, reasons },
    text: `Thank you for your post to $listname. It has arrived, and a moderator will look at it before it goes out to the list.

    Subject: $subject

This is why it waits:

$reasons

You do not have to do anything. When the post is accepted it goes out to everybody on the list; if it is not, you may get a message that tells you why.

If you have questions, or want to take the post back, please write to $owner_email.
`,
  },
  'list:user:notice:no-more-today': {
    purpose: 'To an author who has had as many notices of waiting posts as one address gets in a day.',
    variables: { sender_email, count: 'how many notices the author has had today' },
    text: `Another post of yours to $listname waits for a moderator. You have had $count messages like this one today, so this is the last one until tomorrow. Further posts are still taken; you are only not told of each one any more.

If something sends mail to the list in your name that you did not write, or if you have questions, please write to $owner_email.
`,
  },
  'list:user:notice:refuse': {
    purpose: 'To the author of a post that a moderator did not accept.',
    variables: {
      subject,
      sender_email,
      request: 'what was refused, such as: Your post “Hello”',
      reason: 'what the moderator wrote, or that no reason was given',
    },
    text: `A moderator of $listname has looked at your request and did not accept it:

    $request

The moderator's answer:

$reason

If you have questions, please write to $owner_email.
`,
  },
  'list:user:notice:rejected': {
    purpose: 'To the author of a post that the rules of the list sent back, with the post attached.',
    variables: { subject, sender_email, reasons },
    text: `Your post to $listname could not be accepted, and comes back to you with this message. Nobody on the list has got it.

This is why:

$reasons

If you think that this is a mistake, please write to $owner_email.
`,
  },
  'list:admin:action:post': {
    purpose: 'To the owners and moderators of a list, when a post waits for them; the post is attached.',
    variables: {
      subject,
      sender_email,
      reasons,
      request_id: 'the number of the waiting post, which npx belfry held takes',
      pages,
    },
    text: `A post to $listname waits for you to decide on it.

    From:    $sender_email
    Subject: $subject

It waits because:

$reasons

The post itself is attached, so that you can read it first.

Accept sends the post to the list. Reject tells the author that it was not accepted. Discard drops it without a word.$pages

On the command line, one of these decides:

    npx belfry held accept $listname $request_id
    npx belfry held reject $listname $request_id
    npx belfry held discard $listname $request_id

By mail, open the second attachment, a small message with the word "confirm" in its subject, and reply to that one. A plain reply to it DISCARDS the post. A reply whose first line is "Approved:" with the moderators' password accepts it, if the list has such a password.

A reply to this message itself decides nothing. It only goes to the owners and moderators of the list, as a word among you.
`,
  },
  'list:admin:notice:hold-ended': {
    purpose: 'To the owners and moderators of a list, when a post waited so long that it was dropped.',
    variables: {
      subject,
      sender_email,
      reasons,
      hold_date: 'the day on which the post began to wait',
      days: 'for how many days a post waits on this list',
    },
    text: `Nobody decided on a post to $listname that waited since $hold_date. Posts to this list wait for $days, so it was dropped, and its author was not told.

    From:    $sender_email
    Subject: $subject

It waited because:

$reasons

How long posts wait is the list's setting max_days_to_hold.
`,
  },
  'list:admin:notice:post-refused': {
    purpose:
      'To the owners and moderators of a list, when the mail server that takes its mail refused a post.',
    variables: { subject, message_id, date, post_id, reply, reason },
    text: `The mail server through which Belfry sends did not take a post to $listname. It refused the post itself, so this says nothing about the people on the list, and nobody's membership is affected.

    Subject:    $subject
    Message-ID: $message_id
    Received:   $date

What the mail server said, in general words: $reason ($reply).

Some may have got the post before it was refused; nobody gets it twice. Whoever runs Belfry can see how far it came, and can send it to those who did not get it once the reason is mended:

    npx belfry post show $post_id
    npx belfry post resend $post_id --missed

If the reason lies in the post, such as its size or an attachment, its author may want to send another one. You are told this once for a post.
`,
  },
  'list:admin:notice:given-up': {
    purpose: 'To the owners and moderators of a list, when a post was given up for some of its recipients.',
    variables: { subject, message_id, date, post_id, reply, reason },
    text: `A post to $listname was tried again and again for some of its recipients, and has now been given up for them. The others are not affected.

    Subject:    $subject
    Message-ID: $message_id
    Received:   $date

What the mail server said last, in general words: $reason ($reply).

Whoever runs Belfry can see who did not get it and why, and can send it to them once more:

    npx belfry post show $post_id --missed
    npx belfry post resend $post_id --missed

You are told this once for a post.
`,
  },
  'list:user:action:subscribe': {
    purpose: 'To an address that is to join a list, so that somebody who reads its mail confirms it.',
    variables: { token, confirm_email, user_email, page },
    text: `Somebody, most likely you, has asked to subscribe $user_email to the mailing list $listname.

If you want that, just reply to this message and leave its subject as it is. Nothing has to be written.$page

If you do not want it, do nothing. Without your answer nobody is subscribed, and this request ends by itself.

If you have questions, please write to $owner_email.
`,
  },
  'list:user:action:unsubscribe': {
    purpose: 'To a member that is to leave a list, so that somebody who reads its mail confirms it.',
    variables: { token, confirm_email, user_email, page },
    text: `Somebody, most likely you, has asked to take $user_email off the mailing list $listname.

If you want that, just reply to this message and leave its subject as it is. Nothing has to be written.$page

If you do not want it, do nothing. Without your answer you stay on the list, and this request ends by itself.

If you have questions, please write to $owner_email.
`,
  },
  'list:user:action:invite': {
    purpose: 'To an address that an administrator invites to a list.',
    variables: { token, confirm_email, user_email, page },
    text: `You are invited to join the mailing list $listname with your address $user_email. The administrators of the list sent you this.

To join, just reply to this message and leave its subject as it is. Nothing has to be written.$page

If you do not want to join, do nothing: without your answer you are not subscribed.

If you have questions, please write to $owner_email.
`,
  },
  'list:user:notice:welcome': {
    purpose: 'To a new member.',
    variables: { user_name: 'the name of the member, as far as it is known', user_email, page },
    text: `Welcome to the mailing list $listname! You are subscribed with the address $user_email.

To write to everybody on the list, send your message to this address:

    $listname

To leave the list, send any message to this address:

    $short_listname-leave@$domain

More can be done by mail. A message to this address with the word "help" as its subject tells you what:

    $request_email$page

If you have questions, please write to $owner_email. You may want to keep this message.
`,
  },
  'list:user:notice:goodbye': {
    purpose: 'To somebody who has left a list.',
    variables: { user_name: 'the name of who was a member, as far as it is known', user_email },
    text: `The address $user_email is no longer on the mailing list $listname. You get no more messages from it but those that are on their way already.

If you did not want this, send any message to this address to come back:

    $short_listname-join@$domain

If you have questions, please write to $owner_email.
`,
  },
  'list:user:notice:link': {
    purpose: 'To a member who asks, on the page of a link that is too old, for a fresh one.',
    variables: { user_email, page: 'the address of the web page of the member' },
    text: `Here is a fresh link to your page of the mailing list $listname. There you change how messages come to $user_email, and can leave the list.

    $page

You get this because somebody opened an old link and asked for a new one. If that was not you, you need not do anything. Please do not hand the link on.

If you have questions, please write to $owner_email.
`,
  },
  'list:user:notice:already-member': {
    purpose:
      'To a member, when somebody asks that the address joins the list that it is on; once a day at most.',
    variables: { user_email },
    text: `Somebody has asked that $user_email joins the mailing list $listname. This address is on the list already, so that nothing was changed, and whoever asked was not told.

If it was you: you get the messages of this list at this address. If none come, delivery may be switched off; please write to $owner_email. If it was not you, you need not do anything.
`,
  },
  'list:admin:action:subscribe': {
    purpose: 'To the owners and moderators of a list, when a request to join waits for them.',
    variables: { member, user_email, token, pages },
    text: `Somebody wants to join $listname, and waits for you to decide.

    $member

Accept makes them a member. Reject tells them that they were not accepted. Discard drops the request without a word.$pages

On the command line, one of these decides:

    npx belfry request accept $listname $user_email
    npx belfry request reject $listname $user_email
    npx belfry request discard $listname $user_email

By mail, open the attachment, a small message with the word "confirm" in its subject, and reply to that one: a reply to it ACCEPTS.

A reply to this message itself decides nothing. It only goes to the owners and moderators of the list, as a word among you.
`,
  },
  'list:admin:action:unsubscribe': {
    purpose: 'To the owners and moderators of a list, when a request to leave waits for them.',
    variables: { member, user_email, token, pages },
    text: `Somebody wants to leave $listname, and waits for you to decide.

    $member

Accept takes them off the list. Reject tells them that they stay. Discard drops the request without a word.$pages

On the command line, one of these decides:

    npx belfry request accept $listname $user_email
    npx belfry request reject $listname $user_email
    npx belfry request discard $listname $user_email

By mail, open the attachment, a small message with the word "confirm" in its subject, and reply to that one: a reply to it ACCEPTS.

A reply to this message itself decides nothing. It only goes to the owners and moderators of the list, as a word among you.
`,
  },
  'list:admin:notice:subscribe': {
    purpose: 'To the owners and moderators of a list that want to know, when somebody has joined.',
    variables: { member, user_email },
    text: `$member has joined the mailing list $listname.

You are told because the list's setting admin_notify_mchanges is on.
`,
  },
  'list:admin:notice:unsubscribe': {
    purpose: 'To the owners and moderators of a list that want to know, when somebody has left.',
    variables: { member, user_email },
    text: `$member has left the mailing list $listname.

You are told because the list's setting admin_notify_mchanges is on.
`,
  },
} as const satisfies Readonly<Record<string, Template>>;

/** The name of a text. */
export type TemplateName = keyof typeof templates;

/** The variables that a text needs beside those of every list. */
export type TemplateVariables<N extends TemplateName> = Readonly<
  Record<keyof (typeof templates)[N]['variables'], string>
>;

/** The names of all texts. */
export const templateNames = Object.keys(templates).filter((name): name is TemplateName => name in templates);
