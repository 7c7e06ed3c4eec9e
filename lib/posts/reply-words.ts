/**
 * What relays say, in plain words. The registry of enhanced codes is RFC 3463 with what was added since
 * (https://www.iana.org/assignments/smtp-enhanced-status-codes); the words are for a person who runs a list.
 */
const byEnhanced: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^\d\.1\.[12]$/, 'there is no such address'],
  [/^\d\.1\.3$/, 'the address is not written as addresses are'],
  [/^\d\.1\.6$/, 'the mailbox has moved, and its new address is not known'],
  [/^\d\.1\.[78]$/, 'the sender of the mail is not accepted'],
  [/^\d\.1\.10$/, 'the domain takes no mail'],
  [/^\d\.1\./, 'something is wrong with the address'],
  [/^\d\.2\.1$/, 'the mailbox is disabled'],
  [/^\d\.2\.2$/, 'the mailbox is full'],
  [/^\d\.2\.3$/, 'the mail is too large for the mailbox'],
  [/^\d\.2\./, 'something is wrong with the mailbox'],
  [/^\d\.3\.4$/, 'the mail is too large for the mail server'],
  [/^\d\.3\./, 'the mail server of the recipient has a problem or is overloaded'],
  [/^\d\.4\./, 'the mail server of the recipient cannot be reached'],
  [/^\d\.5\.3$/, 'too many recipients at once'],
  [/^\d\.5\./, 'the two mail servers did not understand each other'],
  [/^\d\.6\.[79]$/, 'the mail server of the recipient cannot take addresses outside ASCII'],
  [/^\d\.6\./, 'the form of the mail is not accepted'],
  [/^\d\.7\.2[0-6]$/, 'its signature or its sending server is not accepted (DKIM, SPF, DMARC)'],
  [/^\d\.7\.2[78]$/, 'too much mail, or a sender that takes none'],
  [
    /^4\.7\./,
    "not now, by a rule of the recipient's server; often greylisting or a limit on how much it takes",
  ],
  [/^5\.7\./, "refused by a rule of the recipient's server, such as a spam filter"],
];

const byCode: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^no reply/, 'the connection broke, or no reply came in time'],
  [/^421/, 'the mail server closed the connection'],
  [/^450/, 'the mailbox cannot be used at the moment'],
  [/^451/, 'the mail server has a problem of its own, or wants to be asked again later'],
  [/^452/, 'the mail server is short of room, or took as many recipients as it takes at once'],
  [/^4/, 'a temporary problem'],
  [/^55[01]/, 'the mailbox cannot be reached'],
  [/^552/, 'the mailbox is full, or the mail is too large'],
  [/^553/, 'the address is not allowed'],
  [/^5/, 'it was refused for good'],
];

const kinds: Readonly<Record<string, string>> = {
  deferred: 'put off',
  rejected: 'refused for the recipient',
  refused: 'the post itself was refused',
  expired: 'given up after the last try',
};

const found = (
  words: readonly (readonly [pattern: RegExp, words: string])[],
  text: string,
): string | undefined => words.find(([pattern]) => pattern.test(text))?.[1];

/** A reply such as `550 5.1.1` in plain words; undefined when it tells nothing that is known. */
export const replyWords = (reply: string): string | undefined => {
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(reply)?.[0];
  return (enhanced === undefined ? undefined : found(byEnhanced, enhanced)) ?? found(byCode, reply);
};

/**
 * The code under which a ledger noted a recipient, such as `deferred data 451 4.3.0`, in plain words. The code itself is shown beside them,
 * for those who look for it in the log of their relay.
 */
export const codeWords = (code: string): string => {
  if (code === 'left') return 'had left the list';
  const [, kind = '', rest = ''] = /^(\w+)(?: (?:mail|data|dot)\b)?(?: (.*))?$/.exec(code) ?? [];
  const does = kinds[kind] ?? kind;
  const why = replyWords(rest);
  return why === undefined ? does : `${does}: ${why}`;
};
