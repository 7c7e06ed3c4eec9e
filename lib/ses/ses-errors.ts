import type { TransactionOutcome } from '../delivery/transport.ts';

/** What an error of Amazon SES means: an outcome like any transport's, or that we were too fast. */
export type SesFault =
  | Exclude<TransactionOutcome, { kind: 'not-now' }>
  | { readonly kind: 'throttled'; readonly reply: string };

/** An error of the SDK or of the network, as far as it tells. */
interface Told {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
}

const longestText = 400;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, longestText);

const statusOf = (error: Error): number | undefined => {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
};

const read = (error: unknown): Told => {
  if (!(error instanceof Error)) return { name: '', code: '', message: String(error), status: undefined };
  return {
    name: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    message: oneLine(error.message),
    status: statusOf(error),
  };
};

/** Nothing was sent: nobody listened. */
const unreached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);

const throttling = new Set([
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'TooManyRequestsException',
  'RequestThrottled',
  'SlowDown',
]);

/** Errors that are about the account, its rights or its settings, and what to say of them. */
const aboutUs: Readonly<Record<string, string>> = {
  AccountSendingPausedException: 'Amazon SES has paused sending for this account',
  AccountSuspendedException: 'Amazon SES has suspended this account',
  SendingPausedException: 'Amazon SES has paused sending',
  ConfigurationSetSendingPausedException: 'Sending is paused for the configuration set',
  ConfigurationSetDoesNotExistException: 'Amazon SES knows no such configuration set',
  ConfigurationSetDoesNotExist: 'Amazon SES knows no such configuration set',
  MailFromDomainNotVerifiedException: 'The MX record of the MAIL FROM domain cannot be read',
  MailFromDomainNotVerified: 'The MX record of the MAIL FROM domain cannot be read',
  ProductionAccessNotGrantedException: 'The account is in the sandbox of Amazon SES',
  LimitExceededException: 'A limit of the account is reached',
};

/** Errors about what was sent, whoever sends it. */
const aboutThePost = new Set([
  'MessageRejected',
  'InvalidParameterValue',
  'InvalidParameterCombination',
  'MissingParameter',
  'ValidationError',
  'RequestEntityTooLarge',
]);

const refusedUs = (reply: string): SesFault => ({ kind: 'refused-us', reply });
const unknown = (reply: string): SesFault => ({ kind: 'verdicts', verdicts: [{ kind: 'unknown', reply }] });

const tooLarge = /message length|too large|too long|10485760/i;

/** What SES says of a sender or recipient that it does not know, in the sandbox or without a verified identity. */
const notVerified = /not verified|failed the check in region/i;
const suspended =
  /sending (?:is |has been )?(?:suspended|paused|disabled)|account is (?:suspended|under|paused)/i;

/** What SES says of an address that it cannot read (InvalidParameterValue). */
const malformed =
  /missing (?:final|start|end)|illegal address|user name is missing|(?:local address|domain(?: name)?) (?:contains|starts|ends|is|:)|invalid domain name|invalid address/i;

/** The API does not say which address it means: only one that it quotes is the recipient's, or a field of the post would be everybody's bounce. */
const namesRecipient = (message: string, recipient: string): boolean => {
  const at = recipient.lastIndexOf('@');
  return [recipient, recipient.slice(0, at), recipient.slice(at + 1)].some(
    (part) => part !== '' && message.includes(`'${part}'`),
  );
};

const faultOfPost = ({ name, message }: Told, recipient: string): SesFault => {
  if (name === 'MessageRejected' && notVerified.test(message)) return refusedUs(`554 5.7.1 ${message}`);
  if (name === 'MessageRejected' && suspended.test(message)) return refusedUs(`554 5.7.1 ${message}`);
  if (name !== 'MessageRejected' && malformed.test(message) && namesRecipient(message, recipient)) {
    return rejectedRecipient(message);
  }
  const enhanced = tooLarge.test(message) || name === 'RequestEntityTooLarge' ? '552 5.3.4' : '554 5.6.0';
  return { kind: 'refused-post', reply: `${enhanced} ${message || name}` };
};

/** The verdict on a recipient whose address cannot be one. */
export const rejectedRecipient = (why: string): Extract<SesFault, { kind: 'verdicts' }> => ({
  kind: 'verdicts',
  verdicts: [{ kind: 'rejected', reply: `501 5.1.3 ${why}`, at: 'rcpt' }],
});

/** Without an answer: what was never sent is a refusal of us, and what may have arrived is not known (RFC 1047 in spirit). */
const faultOfNetwork = ({ name, code, message }: Told): SesFault => {
  if (unreached.has(code) || message.includes('did not establish a connection')) {
    return refusedUs(`421 4.4.1 Amazon SES cannot be reached: ${message}`);
  }
  if (name.startsWith('Credentials') || name === 'TokenProviderError') {
    return refusedUs(`454 4.7.0 There are no credentials for Amazon SES: ${message}`);
  }
  // A broken connection is about this request alone; silence is likely to be about the next ones as well, and has no code (design, section 4).
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return unknown(`451 4.4.2 The connection to Amazon SES broke: ${message}`);
  return unknown(`No answer of Amazon SES: ${message}`);
};

/**
 * What an error of Amazon SES means for one mail to one recipient (design, rule 9). A client fault that nobody knows is a refusal of us: it
 * parks and rings, and harms no member and no post.
 */
export const faultOf = (error: unknown, recipient: string): SesFault => {
  const told = read(error);
  const { name, message, status } = told;
  if (throttling.has(name) || status === 429) {
    return /daily/i.test(message)
      ? refusedUs(`454 4.7.0 ${message}`)
      : { kind: 'throttled', reply: `454 4.7.0 ${message || 'Throttled'}` };
  }
  if (status === undefined) return faultOfNetwork(told);
  if (status >= 500) return unknown(`451 4.3.0 Amazon SES failed: ${name}: ${message}`);
  if (aboutThePost.has(name) || status === 413) return faultOfPost(told, recipient);
  return refusedUs(
    `554 5.7.1 ${Object.hasOwn(aboutUs, name) ? aboutUs[name] : `Amazon SES refuses us (${name})`}: ${message}`,
  );
};
