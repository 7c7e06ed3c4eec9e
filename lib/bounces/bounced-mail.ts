// Two Message-IDs of one mail are equal or the mail is another one; what is longer than this is nobody's.
const longest = 200;

/**
 * The name of the mail that came back, by its Message-ID: the same in the events of Amazon SES, which give the id without its host
 * (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html), and in the mail by which SES reports the same bounce.
 * Undefined when there is none.
 */
export const bouncedMail = (messageId: string): string | undefined => {
  const [, local = '', host = ''] = /<([^<>\s@]+)@([^<>\s@]+)>/.exec(messageId) ?? [];
  const name = /(?:^|\.)amazonses\.com$/i.test(host) ? local : `${local}@${host.toLowerCase()}`;
  return local === '' || name.length > longest ? undefined : name;
};
