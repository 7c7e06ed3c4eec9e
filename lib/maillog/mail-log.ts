/**
 * The mail log: what became of each mail, one method an event, apart from debug logging. It holds no addresses, so that it
 * can be kept and shown; members are told apart by nothing here, and `post show --member` reads the ledger instead.
 */
export interface MailLog {
  readonly accepted: (event: MailEvent & { readonly queue: string; readonly size: number }) => void;
  readonly repeated: (event: MailEvent) => void;
  readonly refused: (event: {
    readonly list?: string;
    readonly code: number;
    readonly reason: string;
  }) => void;
  readonly decided: (
    event: MailEvent & {
      readonly disposition: string;
      readonly chain: string;
      readonly hits: readonly string[];
    },
  ) => void;
  /** A moderator's wish was done; not `won`: somebody else had decided before. */
  readonly moderated: (event: MailEvent & { readonly deed: string; readonly won: boolean }) => void;
  /** What came of a wish to join or to leave, or of a deed with its token: where the request stands, or why it came to nothing. */
  readonly subscription: (event: MailEvent & { readonly deed: string; readonly outcome: string }) => void;
  readonly posted: (
    event: MailEvent & {
      readonly number: number | undefined;
      readonly recipients: number;
      readonly chunks: number;
    },
  ) => void;
  readonly attempted: (
    event: MailEvent & {
      readonly chunk: number;
      readonly attempt: number;
      readonly delivered: number;
      readonly deferred: number;
      readonly ended: number;
      readonly possiblyDoubled: number;
      readonly replies: Readonly<Record<string, number>>;
    },
  ) => void;
  /** The relay refuses us, and delivery waits: since when, and for how many seconds by now. */
  readonly parked: (
    event: MailEvent & { readonly reason: string; readonly since: string; readonly seconds: number },
  ) => void;
  /** A post went through after delivery had been parked for so many seconds. */
  readonly resumed: (event: MailEvent & { readonly reason: string; readonly seconds: number }) => void;
  /** What a bounce, or what the relay or Amazon SES told of one, came to: how many addresses of each weight, and what was done. */
  readonly bounced: (
    event: MailEvent & {
      readonly source: string;
      readonly hard: number;
      readonly soft: number;
      readonly blocked: number;
      readonly complaints: number;
      readonly unrecognised: number;
      readonly did: Readonly<Record<string, number>>;
    },
  ) => void;
  /** Delivery of a post got into trouble; `told` when the owners are told, which they are once. */
  readonly troubled: (
    event: MailEvent & { readonly trouble: string; readonly reply: string; readonly told: boolean },
  ) => void;
  /** A mail whose author is not told what became of it, and why not. */
  readonly unanswered: (event: MailEvent & { readonly reason: string }) => void;
  readonly shunted: (event: { readonly id: string; readonly queue: string; readonly reason: string }) => void;
}

/** What every event names. */
export interface MailEvent {
  readonly id: string;
  readonly list: string;
}

const events = [
  'accepted',
  'repeated',
  'refused',
  'decided',
  'moderated',
  'subscription',
  'posted',
  'attempted',
  'parked',
  'resumed',
  'troubled',
  'bounced',
  'unanswered',
  'shunted',
] as const satisfies readonly (keyof MailLog)[];

/** A mail log that writes one line of JSON for an event. */
export const mailLogTo = (write: (line: string) => void): MailLog => {
  const method =
    (event: (typeof events)[number]) =>
    (fields: object): void =>
      write(`${JSON.stringify({ maillog: event, at: new Date().toISOString(), ...fields })}\n`);
  return {
    accepted: method('accepted'),
    repeated: method('repeated'),
    refused: method('refused'),
    decided: method('decided'),
    moderated: method('moderated'),
    subscription: method('subscription'),
    posted: method('posted'),
    attempted: method('attempted'),
    parked: method('parked'),
    resumed: method('resumed'),
    troubled: method('troubled'),
    bounced: method('bounced'),
    unanswered: method('unanswered'),
    shunted: method('shunted'),
  };
};
