import type { Site } from '../../lib/config/site.ts';
import { serverOf } from '../../lib/delivery/smtp-connection.ts';
import { type Check, check, doubtful, type Finding, ill, reasonOf, well } from './check.ts';
import { ConversationError, converse, type Greeting } from './conversation.ts';

/** The login of the relay. */
export interface RelayLogin {
  readonly user: string;
  readonly password: string;
}

/** What the checks of the relay need. */
export interface RelayContext {
  readonly site: Site;
  /** Reads the secret that `mta.smtp_credentials` names. */
  readonly readLogin: (secret: string) => Promise<RelayLogin>;
  readonly patienceMs: number;
}

// What a parser says of a secret may quote it, so its words are not passed on.
const whyUnreadable = (error: unknown): string => {
  if (error instanceof SyntaxError) return 'it is not JSON';
  if (error instanceof Error && error.name === 'ZodError') return 'it has no user and password';
  return reasonOf(error);
};

const portOf = async ({ mta, delivery }: Site): Promise<Finding> => {
  if (mta.smtp_port !== 25) return well(String(mta.smtp_port));
  if (delivery.relay_network === 'vpc') return well('25, inside of the VPC');
  return doubtful('25', 'AWS blocks port 25 to the internet until you ask it not to; 587 and 465 are open.');
};

const judge = (greeting: Greeting, loggedIn: boolean): Finding => {
  if (!greeting.extensions.some((extension) => extension.toUpperCase() === '8BITMIME')) {
    return ill(
      'it does not offer 8BITMIME',
      'Belfry changes no bytes of a mail, so it needs a relay that takes 8-bit mail.',
    );
  }
  const parts = [
    greeting.secure ? 'encrypted' : 'not encrypted',
    loggedIn ? 'login accepted' : 'no login',
    '8BITMIME',
  ];
  if (!greeting.secure && loggedIn) {
    return doubtful(
      parts.join(', '),
      'The password crosses the network in the clear; set mta.smtp_secure_mode to starttls.',
    );
  }
  return well(parts.join(', '));
};

const login = async ({ site, readLogin, patienceMs }: RelayContext): Promise<Finding> => {
  const { mta, delivery } = site;
  const address = `${mta.smtp_host}:${mta.smtp_port}`;
  if (mta.smtp_host === '')
    return ill('mta.smtp_host is not set', 'Posts are accepted and wait until there is a relay.');
  let credentials: RelayLogin | undefined;
  if (mta.smtp_credentials !== '') {
    try {
      credentials = await readLogin(mta.smtp_credentials);
    } catch (error) {
      return ill(
        `the secret ${mta.smtp_credentials} cannot be read: ${whyUnreadable(error)}`,
        'It must hold {"user": ..., "password": ...}, and you must be allowed to read it.',
      );
    }
  }
  try {
    const greeting = await converse(serverOf({ mta, credentials }, patienceMs));
    return judge(greeting, credentials !== undefined);
  } catch (error) {
    if (error instanceof ConversationError && error.stage === 'login') {
      return ill(
        `${address} refuses the login: ${reasonOf(error)}`,
        `Look at the secret ${mta.smtp_credentials}.`,
      );
    }
    const says = `${address}: ${reasonOf(error)}`;
    return delivery.relay_network === 'vpc'
      ? doubtful(says, 'The relay is in the VPC; this machine need not reach it.')
      : ill(says);
  }
};

/** Whether the relay takes our mail: its port, and a whole conversation up to the login. */
export const relayChecks = (context: RelayContext): readonly Check[] => [
  check('relay port', () => portOf(context.site)),
  check('relay', () => login(context)),
];
