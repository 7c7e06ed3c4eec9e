/** Every text that answers a command, by a name of ours: Mailman has them in its program. */
export const commandTexts = {
  'list:user:notice:command-results': {
    purpose: 'To whoever sent commands by mail: the mail that tells what came of them.',
    variables: {
      subject: 'the subject of the mail with the commands, or n/a',
      sender: 'its From',
      date: 'its Date',
      message_id: 'its Message-ID',
      results: 'each command with what came of it',
      remarks: 'what was not looked at, and why; empty when there was nothing',
    },
    text: `This is what came of your commands to $listname.

    From: $sender
    Subject: $subject
    Date: $date
    Message-ID: $message_id

$results

$remarks

That is all. To learn which commands there are, send "help" to $request_email.
`,
  },
  'list:user:command:unprocessed': {
    purpose: 'Part of command-results: commands that stood behind one that ends the reading.',
    variables: { lines: 'the commands, one in a line' },
    text: `These commands came after the end and were not done:

$lines
`,
  },
  'list:user:command:ignored': {
    purpose: 'Part of command-results: there were more lines than are looked at.',
    variables: { count: 'how many', most: 'how many are looked at' },
    text: `$count more lines were not looked at: commands are read from the subject and from the first $most lines.
`,
  },
  'list:user:command:other-parts': {
    purpose: 'Part of command-results: the mail had an attachment.',
    variables: {},
    text: `Commands are read from plain text alone. What else your message has was not looked at.
`,
  },
  'list:user:command:stranger': {
    purpose: 'Part of command-results: to an address that is not on the list, which gets one mail a day.',
    variables: {
      join_email: 'the address by which one joins',
      page: 'a web page on which one joins, as a paragraph of its own; empty when the site has none',
    },
    text: `This address is not on the list, and gets one mail a day from it, which is this one. If you want to join, write to $join_email tomorrow.$page
`,
  },
  'list:user:command:unknown': {
    purpose: 'The result of a line that is no command.',
    variables: { command: 'what was written' },
    text: `There is no such command.
`,
  },
  'list:user:command:confirmed': {
    purpose: 'The result of confirm.',
    variables: {},
    text: `Confirmed. If this ends your request, a message tells you so; if not, a moderator decides on it first.
`,
  },
  'list:user:command:confirm-accepted': {
    purpose: 'The result of confirm, when a moderator sends it for a request that waits.',
    variables: { address: 'the address that the request is about' },
    text: `The request of $address is accepted, unless somebody else has decided on it before you.
`,
  },
  'list:user:command:confirm-password': {
    purpose: 'The result of confirm with a password that is not the one of the moderators.',
    variables: {},
    text: `The password is not the one of this list's moderators, or too many were tried in this hour. Nothing was done, and the request still waits.
`,
  },
  'list:user:command:confirm-unknown': {
    purpose: 'The result of confirm with a token that stands for nothing.',
    variables: { token: 'what was written as the token' },
    text: `Nothing waits for this confirmation. Each can be used once and only for a few days, so it may have been used already, or be too old. If what you wanted has not happened, please ask for it again.
`,
  },
  'list:user:command:join': {
    purpose: 'The result of join.',
    variables: { address: 'the address that is to join' },
    text: `Your request that $address joins is taken. If it is to be confirmed, a message goes to that address, and a reply to it confirms. Nobody is told by this message whether an address is on the list.
`,
  },
  'list:user:command:join-argument': {
    purpose: 'The result of join with words that it does not understand.',
    variables: { argument: 'what was written' },
    text: `join does not understand this: $argument. Nothing was done. It can be written in these ways:

    join
    join digest=no
    join digest=mime
    join digest=plain
    join address=anne@example.com
`,
  },
  'list:user:command:no-address': {
    purpose: 'The result of join and leave, when there is no address that they could be about.',
    variables: { address: 'what stood in its place' },
    text: `This is no address that mail can be sent to, so nothing was done.
`,
  },
  'list:user:command:leave': {
    purpose: 'The result of leave.',
    variables: { address: 'the address that is to leave' },
    text: `Your request that $address leaves is taken. If it is to be confirmed, a message goes to that address, and a reply to it confirms.
`,
  },
  'list:user:command:leave-not-found': {
    purpose: 'The result of leave, when the sender is not on the list.',
    variables: { address: 'the address of the sender' },
    text: `$address is not on this list. If you get its messages at another address, please send "leave" from that one, or write to $owner_email.
`,
  },
  'list:user:command:who': {
    purpose: 'The result of who.',
    variables: { members: 'the members, one in a line', count: 'how many are shown' },
    text: `Members of $listname by address, $count of them. Those who do not want to be shown are left out.

$members
`,
  },
  'list:user:command:who-more': {
    purpose: 'Part of the result of who: there are more members than one mail shows.',
    variables: { next: 'the number of the next page' },
    text: `There are more. The next ones come with this command:

    who page=$next
`,
  },
  'list:user:command:who-nobody': {
    purpose: 'The result of who, when there is nobody to show.',
    variables: {},
    text: `There is nobody to show.
`,
  },
  'list:user:command:who-often': {
    purpose: 'The result of who, when the address has asked for the members often enough on that day.',
    variables: {},
    text: `The members were asked for often enough in the name of this address
today. Please ask again tomorrow.
`,
  },
  'list:user:command:who-refused': {
    purpose: 'The result of who for somebody who may not see the members.',
    variables: {},
    text: `You are not allowed to see the members of this list.
`,
  },
  'list:user:command:who-argument': {
    purpose: 'The result of who with words that it does not understand.',
    variables: { argument: 'what was written' },
    text: `who does not understand this: $argument. It can be written in these ways:

    who
    who delivery=enabled
    who delivery=disabled
    who mode=digest
    who mode=regular
    who page=2
`,
  },
  'list:user:command:help': {
    purpose: 'The result of help.',
    variables: { commands: 'all commands, each with what it does' },
    text: `Commands are words in the subject, or at the beginning of a line of the text:

$commands
`,
  },
  'list:user:command:help-one': {
    purpose: 'The result of help with the name of a command.',
    variables: { usage: 'how the command is written', summary: 'what it does' },
    text: `    $usage

$summary
`,
  },
  'list:user:command:help-unknown': {
    purpose: 'The result of help with a word that is no command.',
    variables: { argument: 'what was written' },
    text: `There is no command of that name to tell about. "help" alone names all.
`,
  },
  'list:user:command:echo': {
    purpose: 'The result of echo.',
    variables: { words: 'what was written' },
    text: `$words
`,
  },
} as const;

/** The name of a text that answers a command. */
export type CommandText = keyof typeof commandTexts;
