import type { Received } from '../harness/relay.ts';

/** A transaction as the fence `eml` shows it: its envelope, a blank line, and the mail to its last line. */
export const transactionLines = ({ sender, recipients, message }: Received): readonly string[] => [
  `MAIL FROM:<${sender}>`,
  ...recipients.map((recipient) => `RCPT TO:<${recipient}>`),
  '',
  ...message.toString('latin1').split('\r\n').slice(0, -1),
];

/** Amazon SES gives each copy a sender with an id in it, which says nothing and has an order of its own. */
const shown = (sender: string): string => sender.replace(/^0100[\da-f-]+-000000@/, '*@');

/** Envelopes as the fence `envelopes` shows them: a line each, with the number of the connection if they are told apart by it. */
export const envelopeLines = (all: readonly Received[], withConnection: boolean): readonly string[] => {
  const lines = all.map(({ connection, sender, recipients }) =>
    [withConnection ? `${connection} ` : '', shown(sender), ' -> ', recipients.join(' ')].join(''),
  );
  // Several connections at once have no order of their own.
  return withConnection ? lines : lines.toSorted();
};
