/** The Message-IDs that Amazon SES gives to mails: `<ID@REGION.amazonses.com>`. */

/** The Message-ID as the recipient sees it; the API gives its left side. In us-east-1 the right side is older than regions. */
export const sentMessageId = (id: string, region: string): string =>
  `<${id}@${region === 'us-east-1' ? 'email' : region}.amazonses.com>`;

const sesId = /^<([^<>@\s]+)@([a-z0-9-]+)\.amazonses\.com>$/i;

/** The id in a Message-ID that SES gave; undefined when it is somebody else's. */
export const sesIdOf = (messageId: string): string | undefined => sesId.exec(messageId)?.[1];
