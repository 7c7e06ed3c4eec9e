import { addressesIn, domainOf, mailboxFault, mailboxIn } from './addresses.ts';
import type { Refusal } from './query.ts';
import { fieldsNamed, type RawMail } from './raw-mail.ts';

/** A call of SendRawEmail. */
export interface SendOrder {
  /** Undefined when the call does not name one: then From counts. */
  readonly source: string | undefined;
  readonly destinations: readonly string[];
  readonly tags: readonly { readonly name: string; readonly value: string }[];
  readonly configurationSet: string | undefined;
  readonly size: number;
  /** How long the longest line is, with its line end, in octets. */
  readonly longestLine: number;
  readonly mail: RawMail;
}

/** What an order is held against. */
export interface Premises {
  /** The identities that are verified, in small letters. */
  readonly domains: readonly string[];
  readonly configurationSets: readonly string[];
  readonly region: string;
  /** In the sandbox recipients have to be verified as well. */
  readonly sandbox: boolean;
}

// https://docs.aws.amazon.com/ses/latest/dg/quotas.html: 10 MB through this API, 50 recipients.
const largest = 10_485_760;
const mostRecipients = 50;
// "Per RFC 5321, the maximum length of each line of text, including the <CRLF>, must not exceed 1,000 characters" (the model of RawMessage).
const longest = 1000;

/** The header fields that may stand in a mail once (https://docs.aws.amazon.com/ses/latest/dg/header-fields.html). */
const onlyOnce = new Set(
  `accept-language acceptlanguage archived-at auto-submitted bounces-to comments content-alternative content-base content-class
  content-description content-disposition content-duration content-id content-language content-length content-location content-md5
  content-transfer-encoding content-type date delivered-to disposition-notification-options disposition-notification-to dkim-signature
  domainkey-signature errors-to from importance in-reply-to keywords list-archive list-help list-id list-owner list-post list-subscribe
  list-unsubscribe message-context message-id mime-version organization original-from original-message-id original-recipient original-subject
  precedence priority references reply-to return-path return-receipt-to sender solicitation sensitivity subject thread-index thread-topic
  user-agent vbr-info`.split(/\s+/),
);

const invalid = (message: string): Refusal => ({ code: 'InvalidParameterValue', message });

const duplicateIn = ({ fields }: RawMail): string | undefined => {
  const seen = new Set<string>();
  for (const { name } of fields) {
    const known = name.toLowerCase();
    if (seen.has(known) && onlyOnce.has(known)) return name;
    seen.add(known);
  }
  return undefined;
};

const headerFault = (mail: RawMail): Refusal | undefined => {
  if (mail.fields.some(({ name }) => name === '')) return invalid('Empty header names are illegal.');
  const duplicate = duplicateIn(mail);
  if (duplicate !== undefined) return invalid(`Duplicate header '${duplicate}'.`);
  if (fieldsNamed(mail, 'from').length === 0) return invalid("Missing required header 'From'.");
  for (const name of ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc']) {
    for (const { value } of fieldsNamed(mail, name)) {
      for (const address of addressesIn(value)) {
        // Whoever is written to is not verified, but what is no address is refused wherever it stands.
        const fault = mailboxFault(mailboxIn(address));
        if (fault !== undefined) return invalid(fault);
      }
    }
  }
  return undefined;
};

/** The addresses whose identity must be verified: From, Source, Sender and Return-Path. */
const identitiesOf = ({ source, mail }: SendOrder): readonly string[] => [
  ...['from', 'sender', 'return-path'].flatMap((name) =>
    fieldsNamed(mail, name).flatMap(({ value }) => addressesIn(value)),
  ),
  ...(source === undefined ? [] : [source]),
];

const recipientFault = ({ destinations, mail, source }: SendOrder): Refusal | undefined => {
  if (destinations.length === 0) return invalid("Missing required header 'To'.");
  if (destinations.length > mostRecipients) return invalid('Recipient count exceeds 50.');
  // SES takes no null sender.
  const senders = source === undefined ? [] : [source];
  const paths = fieldsNamed(mail, 'return-path').map(({ value }) => value);
  for (const address of [...senders, ...paths, ...destinations]) {
    const fault = mailboxFault(mailboxIn(address));
    if (fault !== undefined) return invalid(fault);
  }
  return undefined;
};

const tagFault = ({ tags }: SendOrder): Refusal | undefined => {
  const wrong = tags.find(({ name, value }) => !/^[\w-]{1,256}$/.test(name) || !/^[\w-]{1,256}$/.test(value));
  return wrong === undefined
    ? undefined
    : invalid(
        `Message tag ${wrong.name}=${wrong.value} must be alphanumeric, underscores and dashes, up to 256 characters.`,
      );
};

/** What SES says to an order that it does not take, whatever the account may do; undefined when it takes it. */
export const refusalOf = (order: SendOrder, premises: Premises): Refusal | undefined => {
  if (order.size > largest) {
    return invalid(`Message length is more than ${largest} bytes long: '${order.size}'.`);
  }
  const fault = recipientFault(order) ?? headerFault(order.mail) ?? tagFault(order);
  if (fault !== undefined) return fault;
  if (order.longestLine > longest)
    return invalid(`Line too long: ${order.longestLine} of ${longest} octets.`);
  const { configurationSet } = order;
  if (configurationSet !== undefined && !premises.configurationSets.includes(configurationSet)) {
    return {
      code: 'ConfigurationSetDoesNotExist',
      message: `Configuration set <${configurationSet}> does not exist.`,
    };
  }
  const isVerified = (address: string): boolean => {
    const domain = domainOf(mailboxIn(address));
    return premises.domains.some((known) => domain === known || domain.endsWith(`.${known}`));
  };
  const strangers = identitiesOf(order).filter((address) => !isVerified(address));
  if (premises.sandbox) {
    const simulated = (address: string) => domainOf(mailboxIn(address)) === 'simulator.amazonses.com';
    strangers.push(...order.destinations.filter((address) => !simulated(address) && !isVerified(address)));
  }
  if (strangers.length === 0) return undefined;
  return {
    code: 'MessageRejected',
    message: `Email address is not verified. The following identities failed the check in region ${premises.region.toUpperCase()}: ${[...new Set(strangers)].join(', ')}`,
  };
};
