import type { MailingList } from '../lists/list.ts';
import type { Bounce } from './bounce.ts';

/** Where Belfry learns of a bounce: from a mail, from the relay's reply to RCPT, or from Amazon SES. */
export type BounceSource = 'mail' | 'relay' | 'ses';

/** What an event tells of an address. */
export interface ToldBounce extends Pick<Bounce, 'address' | 'kind' | 'why'> {
  readonly code?: string | undefined;
  /** Why in other words than those, where the source has better ones. */
  readonly said?: string | undefined;
}

/** One address of one list that did not get a mail, or did not want it. */
export interface BounceEvent {
  /** Names it, however often it comes: made of its mail, reply or event, and of the address. */
  readonly id: string;
  readonly list: MailingList;
  readonly bounce: ToldBounce;
  /** When the bounce arrived; its UTC day is the day that counts. */
  readonly at: string;
  readonly source: BounceSource;
  /** The name of the mail that came back, where that is told: one mail scores once, on whatever day it is told again. */
  readonly mail?: string | undefined;
  /** `verp` and `probe`: what the address says to which it came (mailman-behaviour.md, section 13.1). */
  readonly context: 'normal' | 'verp' | 'probe';
  /** With a probe: whose membership was probed. */
  readonly probed?: string;
  /** Where the mail lies that tells of it, when it was a mail. */
  readonly blob?: string;
}

/** Why, in a few words for a person: `user-unknown 5.1.1`. */
export const whyText = ({ why, code, said }: ToldBounce): string =>
  said ?? (code === undefined ? why : `${why} ${code}`);
