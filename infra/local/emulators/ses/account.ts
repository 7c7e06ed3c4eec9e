import type { Refusal } from './query.ts';
import { fullBucket, type TokenBucket, takeFrom } from './token-bucket.ts';

/** What becomes of mail to a recipient: it bounces, or is complained about, delayed or rejected. */
export const fates = ['permanent', 'transient', 'suppressed', 'complaint', 'delay', 'reject'] as const;
export type Fate = (typeof fates)[number];

/** A mail that was taken. */
export interface SentMail {
  readonly messageId: string;
  readonly at: Date;
  readonly source: string;
  readonly destinations: readonly string[];
  readonly tags: readonly { readonly name: string; readonly value: string }[];
  readonly configurationSet: string;
  /** Its header as it came, by name and value. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** A call to send that was not taken. */
export interface RefusedSend {
  readonly at: Date;
  readonly code: string;
  readonly message: string;
  readonly destinations: readonly string[];
}

/** What the account can be told, and tells of itself. */
export interface AccountState {
  /** `paused`: its owner switched sending off; `suspended`: AWS did. */
  readonly sending: 'enabled' | 'paused' | 'suspended';
  /** The configuration set can be paused by itself. */
  readonly configuration_set_sending: boolean;
  readonly max_send_rate: number;
  /** 200 is the sandbox, and -1 any number. */
  readonly max_24_hour_send: number;
  readonly sent_last_24_hours: number;
  /** How many of the next calls are throttled whatever the rate is. */
  readonly throttle: number;
  /** How many of the next calls are done and never answered. */
  readonly silent: number;
}

const day = 86_400_000;

// What a test or a person looks back on; each is a few hundred bytes.
const remembered = 20_000;

// In production an account of this size is usual after leaving the sandbox.
const atFirst: AccountState = {
  sending: 'enabled',
  configuration_set_sending: true,
  max_send_rate: 14,
  max_24_hour_send: 50_000,
  sent_last_24_hours: 0,
  throttle: 0,
  silent: 0,
};

// The mailbox simulator (https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator).
const simulator: ReadonlyMap<string, Fate> = new Map([
  ['bounce@simulator.amazonses.com', 'permanent'],
  ['suppressionlist@simulator.amazonses.com', 'suppressed'],
  ['complaint@simulator.amazonses.com', 'complaint'],
]);

/** An account of SES: its quotas, its standing, and what it has sent. */
export class SesAccount {
  #state: AccountState = atFirst;
  #bucket: TokenBucket;
  #sent: { readonly at: number; readonly count: number }[] = [];
  readonly #mails: SentMail[] = [];
  readonly #refused: RefusedSend[] = [];
  readonly #fates = new Map<string, Fate>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#bucket = fullBucket(atFirst.max_send_rate, now());
  }

  get state(): AccountState {
    const since = this.#now() - day;
    this.#sent = this.#sent.filter(({ at }) => at > since);
    const counted = this.#sent.reduce((sum, { count }) => sum + count, 0);
    return { ...this.#state, sent_last_24_hours: this.#state.sent_last_24_hours + counted };
  }

  get sandbox(): boolean {
    return this.#state.max_24_hour_send === 200;
  }

  /** The latest mails, the last one at the end. */
  get mails(): readonly SentMail[] {
    return this.#mails;
  }

  /** The latest calls to send that were not taken, the last one at the end. */
  get refused(): readonly RefusedSend[] {
    return this.#refused;
  }

  /** Changes what it is told. What was sent in the last day is set as it is, whatever was sent really. */
  change(changes: Partial<AccountState>): void {
    if (changes.sent_last_24_hours !== undefined) this.#sent = [];
    this.#state = { ...this.#state, ...changes };
    if (changes.max_send_rate !== undefined) {
      this.#bucket = fullBucket(changes.max_send_rate, this.#now());
    }
  }

  /** Decides what becomes of mail to a recipient from now on; `null`: it arrives again. */
  decide(recipient: string, fate: Fate | null): void {
    if (fate === null) this.#fates.delete(recipient.toLowerCase());
    else this.#fates.set(recipient.toLowerCase(), fate);
  }

  fateOf(recipient: string): Fate | undefined {
    const known = recipient.toLowerCase();
    return this.#fates.get(known) ?? simulator.get(known.replace(/\+[^@]*@/, '@'));
  }

  /** The last mail that went to a recipient. */
  lastTo(recipient: string): SentMail | undefined {
    const known = recipient.toLowerCase();
    return this.#mails.findLast(({ destinations }) =>
      destinations.some((one) => one.toLowerCase() === known),
    );
  }

  /** Why nothing may be sent at all; undefined when something may. */
  get standing(): Refusal | undefined {
    if (this.#state.sending === 'paused') {
      return {
        code: 'AccountSendingPausedException',
        message: 'Email sending is disabled for your account.',
      };
    }
    if (this.#state.sending === 'suspended') {
      // AWS says so with the code that a refused mail has as well; only the words tell.
      return {
        code: 'MessageRejected',
        message:
          'Sending suspended for this account. For more information, please check the inbox of the email address associated with your AWS account.',
      };
    }
    if (!this.#state.configuration_set_sending) {
      return {
        code: 'ConfigurationSetSendingPausedException',
        message: 'Email sending is disabled for the configuration set.',
      };
    }
    return undefined;
  }

  /** Counts a mail to so many recipients against rate and quota; says why not when that is too many. */
  take(recipients: number): Refusal | undefined {
    const throttling = (message: string): Refusal => ({ code: 'Throttling', message });
    if (this.#state.throttle > 0) {
      this.#state = { ...this.#state, throttle: this.#state.throttle - 1 };
      return throttling('Maximum sending rate exceeded.');
    }
    const { max_24_hour_send: most, max_send_rate: rate, sent_last_24_hours: sent } = this.state;
    if (most >= 0 && sent >= most) return throttling('Daily message quota exceeded.');
    const now = this.#now();
    const bucket = takeFrom(this.#bucket, rate, recipients, now);
    if (bucket === undefined) return throttling('Maximum sending rate exceeded.');
    this.#bucket = bucket;
    this.#sent.push({ at: now, count: recipients });
    return undefined;
  }

  /** Whether the call that was just done is not answered. */
  fallSilent(): boolean {
    const { silent } = this.#state;
    if (silent > 0) this.#state = { ...this.#state, silent: silent - 1 };
    return silent > 0;
  }

  remember(mail: SentMail): void {
    this.#mails.push(mail);
    if (this.#mails.length > remembered) this.#mails.shift();
  }

  rememberRefused(send: RefusedSend): void {
    this.#refused.push(send);
    if (this.#refused.length > remembered) this.#refused.shift();
  }
}
