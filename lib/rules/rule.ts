import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import type { HeaderBlock } from '../mail/header-block.ts';
import type { MailText } from '../mail/mail-text.ts';
import type { Envelope, Metadata, MetadataNotes } from '../queue/messages.ts';
import type { Answers, Question } from './answers.ts';

/** What a rule knows: plain data, read before the chain begins, so that a rule asks nobody. */
export interface RuleContext {
  readonly list: MailingList;
  readonly site: Site;
  readonly mail: HeaderBlock;
  /** What the mail says in its parts, as far as the settings of list and site make somebody look at it. */
  readonly text: MailText;
  readonly envelope: Envelope;
  /** The metadata of the mail, with what the rules before this one have added. */
  readonly metadata: Metadata;
  /** The addresses of the senders; the first is the sender of the mail. */
  readonly senders: readonly string[];
  /** What the store and DNS know, for the rules that say in `asks` that they need it. */
  readonly answers: Answers;
  /** The names of the rules that have hit so far. */
  readonly hits: readonly string[];
}

/** What a rule found. */
export interface RuleResult {
  readonly hit: boolean;
  /** Why it hit, in a sentence for the author or a moderator. */
  readonly reason?: string;
  /** Why it missed, in a sentence for who asks what would become of a mail. */
  readonly missed?: string;
  /** What the rules and chains after this one shall know. */
  readonly metadata?: MetadataNotes;
}

/** One question about a mail (mailman-behaviour.md, section 6.2). It never throws. */
export interface Rule {
  readonly name: string;
  /** Whether its result is recorded, and told in X-Mailman-Rule-Hits or X-Mailman-Rule-Misses. */
  readonly record: boolean;
  /** What it needs of `answers`. */
  readonly asks?: readonly Question[];
  readonly check: (context: RuleContext) => RuleResult;
}

/** The result of a rule that has nothing to say. */
export const miss: RuleResult = { hit: false };

/** A miss that says why, for who asks. */
export const missFor = (missed: string): RuleResult => ({ hit: false, missed });
