import { randomBytes, randomUUID } from 'node:crypto';
import { region } from '../../names.ts';
import type { Fate, SentMail, SesAccount } from './account.ts';
import { addressesIn, domainOf, mailboxIn } from './addresses.ts';
import { delayedEvent, eventOf, refusedEvent, type SesEventJson } from './events.ts';
import { handOn, type NextHop } from './hand-on.ts';
import { type EventTopic, publish } from './publish.ts';
import { type Answer, membersOf, type Parameters, pairsOf, type Refusal } from './query.ts';
import { fieldsNamed, readRawMail, stamped } from './raw-mail.ts';
import { refusalOf, type SendOrder } from './refusals.ts';

/** A domain that is verified, and its MAIL FROM domain. */
export interface VerifiedDomain {
  readonly domain: string;
  readonly mailFrom: string;
}

/** What the stub of SES is told when it starts: what the template declares, and who delivers. */
export interface SesSetting {
  readonly domains: readonly VerifiedDomain[];
  readonly configurationSet: string;
  readonly topic: EventTopic;
  readonly nextHop: NextHop;
}

/** What an action is done with. */
export interface SesWorld {
  readonly setting: SesSetting;
  readonly account: SesAccount;
}

/** Stops an action with a refusal. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const longestLine = (bytes: Buffer): number => {
  let longest = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    // The last line is counted with the line end that it will have.
    const length = end < 0 ? bytes.length - start + 2 : end + 1 - start + (bytes[end - 1] === 13 ? 0 : 1);
    longest = Math.max(longest, length);
    start = end < 0 ? bytes.length : end + 1;
  }
  return longest;
};

const readOrder = (parameters: Parameters): SendOrder & { readonly bytes: Buffer } => {
  const data = parameters.get('RawMessage.Data');
  if (data === undefined) {
    throw new RefusedError({
      code: 'ValidationError',
      message: "Value null at 'rawMessage' failed to satisfy constraint: Member must not be null",
    });
  }
  const bytes = Buffer.from(data, 'base64');
  const mail = readRawMail(bytes);
  const inHeader = (name: string): string | undefined => fieldsNamed(mail, name)[0]?.value;
  const named = membersOf(parameters, 'Destinations');
  return {
    bytes,
    source: parameters.get('Source'),
    destinations:
      named.length > 0
        ? named
        : ['to', 'cc', 'bcc'].flatMap((name) =>
            fieldsNamed(mail, name).flatMap(({ value }) => addressesIn(value).map(mailboxIn)),
          ),
    tags: [
      ...pairsOf(parameters, 'Tags'),
      // An author who could set these would steer the account; SES obeys them.
      ...(inHeader('x-ses-message-tags') ?? '')
        .split(',')
        .filter((pair) => pair.includes('='))
        .map((pair) => ({
          name: pair.slice(0, pair.indexOf('=')).trim(),
          value: pair.slice(pair.indexOf('=') + 1).trim(),
        })),
    ],
    configurationSet: parameters.get('ConfigurationSetName') ?? inHeader('x-ses-configuration-set'),
    size: bytes.length,
    longestLine: longestLine(bytes),
    mail,
  };
};

// SES counts the time in hexadecimal digits, as it is seen in its ids: 0100019a2b3c4d5e-....-000000.
const newMessageId = (): string => `0100${Date.now().toString(16).padStart(12, '0')}-${randomUUID()}-000000`;

// The first region has a host name of its own from the days when there was no other.
const messageIdHost = region === 'us-east-1' ? 'email.amazonses.com' : `${region}.amazonses.com`;

// These mails never leave SES.
const stay = new Set<Fate | undefined>(['permanent', 'transient', 'suppressed', 'reject']);

const send = async (parameters: Parameters, { setting, account }: SesWorld): Promise<Answer> => {
  const order = readOrder(parameters);
  const refusal =
    account.standing ??
    refusalOf(order, {
      domains: setting.domains.map(({ domain }) => domain),
      configurationSets: [setting.configurationSet],
      region,
      sandbox: account.sandbox,
    }) ??
    account.take(order.destinations.length);
  if (refusal !== undefined) {
    const { code, message } = refusal;
    account.rememberRefused({ at: new Date(), code, message, destinations: order.destinations });
    throw new RefusedError(refusal);
  }

  const source = order.source ?? fieldsNamed(order.mail, 'from')[0]?.value ?? '';
  const from = domainOf(mailboxIn(source));
  const identity = setting.domains.find(({ domain }) => from === domain || from.endsWith(`.${domain}`));
  const mail: SentMail = {
    messageId: newMessageId(),
    at: new Date(),
    source,
    destinations: order.destinations.map(mailboxIn),
    tags: order.tags,
    // The identities of the template have this configuration set as their default.
    configurationSet: order.configurationSet ?? setting.configurationSet,
    headers: order.mail.fields.map(({ name, value }) => ({ name, value })),
  };
  account.remember(mail);
  const returnPath = `${mail.messageId}@${identity?.mailFrom ?? 'amazonses.com'}`;
  const bytes = stamped(order.mail, {
    messageId: `${mail.messageId}@${messageIdHost}`,
    date: mail.at,
    feedbackId: `::1.${region}.${randomBytes(32).toString('base64')}:AmazonSES`,
    returnPath,
  });
  const events: SesEventJson[] = [];
  for (const recipient of mail.destinations) {
    const fate = account.fateOf(recipient);
    if (fate !== undefined) events.push(eventOf(fate, mail, recipient));
  }
  const leaving = mail.destinations.filter((recipient) => !stay.has(account.fateOf(recipient)));
  // SES answers before it delivers. Here the mail is handed on first, so that a stack at rest has nothing on its way.
  if (leaving.length > 0) {
    for (const { recipient, refused } of await handOn(setting.nextHop, returnPath, leaving, bytes)) {
      if (refused === undefined) continue;
      events.push((refused.startsWith('5') ? refusedEvent : delayedEvent)(mail, recipient, refused));
    }
  }
  for (const event of events) await publish(setting.topic, JSON.stringify(event));
  return { MessageId: mail.messageId };
};

const forEachIdentity = (
  parameters: Parameters,
  { setting }: SesWorld,
  tell: (identity: VerifiedDomain) => Answer,
  unknown: Answer | undefined,
): ReadonlyMap<string, Answer> => {
  const found = new Map<string, Answer>();
  for (const asked of membersOf(parameters, 'Identities')) {
    const identity = setting.domains.find(({ domain }) => domain === asked.toLowerCase());
    const answer = identity === undefined ? unknown : tell(identity);
    if (answer !== undefined) found.set(asked, answer);
  }
  return found;
};

type Action = (parameters: Parameters, world: SesWorld) => Answer | Promise<Answer>;

/** What the stub does of the API of SES. Nothing of the rest is used here. */
export const actions: Readonly<Record<string, Action>> = {
  SendRawEmail: send,
  GetSendQuota: (_, { account: { state } }) => ({
    Max24HourSend: state.max_24_hour_send,
    MaxSendRate: state.max_send_rate,
    SentLast24Hours: state.sent_last_24_hours,
  }),
  GetAccountSendingEnabled: (_, { account: { state } }) => ({ Enabled: state.sending === 'enabled' }),
  UpdateAccountSendingEnabled: (parameters, { account }) => {
    // Who was suspended by AWS cannot switch it on again.
    if (account.state.sending !== 'suspended') {
      account.change({ sending: parameters.get('Enabled') === 'true' ? 'enabled' : 'paused' });
    }
    return {};
  },
  UpdateConfigurationSetSendingEnabled: (parameters, { account }) => {
    account.change({ configuration_set_sending: parameters.get('Enabled') === 'true' });
    return {};
  },
  GetIdentityVerificationAttributes: (parameters, world) => ({
    VerificationAttributes: forEachIdentity(
      parameters,
      world,
      () => ({ VerificationStatus: 'Success' }),
      undefined,
    ),
  }),
  GetIdentityDkimAttributes: (parameters, world) => ({
    DkimAttributes: forEachIdentity(
      parameters,
      world,
      ({ domain }) => ({
        DkimEnabled: true,
        DkimVerificationStatus: 'Success',
        DkimTokens: [1, 2, 3].map((n) => `token${n}${domain.replace(/[^a-z0-9]/g, '')}`),
      }),
      { DkimEnabled: false, DkimVerificationStatus: 'NotStarted', DkimTokens: [] },
    ),
  }),
  GetIdentityMailFromDomainAttributes: (parameters, world) => ({
    MailFromDomainAttributes: forEachIdentity(
      parameters,
      world,
      ({ mailFrom }) => ({
        MailFromDomain: mailFrom,
        MailFromDomainStatus: 'Success',
        BehaviorOnMXFailure: 'UseDefaultValue',
      }),
      undefined,
    ),
  }),
};
