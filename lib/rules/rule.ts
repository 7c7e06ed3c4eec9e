import type { MailingList } from '../lists/list.ts';
import type { HeaderBlock } from '../mail/header-block.ts';
import type { Envelope, Metadata, MetadataNotes } from '../queue/messages.ts';

/**
 * What a rule knows: plain data, read before the chain begins, so that a rule asks nobody. A rule that needs more of what the
 * store knows gets a field here, and `lib/runners/incoming.ts` fills it.
 */
export interface RuleContext {
  readonly list: MailingList;
  readonly mail: HeaderBlock;
  readonly envelope: Envelope;
  /** The metadata of the mail, with what the rules before this one have added. */
  readonly metadata: Metadata;
  /** The addresses of the senders; the first is the sender of the mail. */
  readonly senders: readonly string[];
  /** The names of the rules that have hit so far. */
  readonly hits: readonly string[];
}

/** What a rule found. */
export interface RuleResult {
  readonly hit: boolean;
  /** Why, in a sentence for the author or a moderator. */
  readonly reason?: string;
  /** What the rules and chains after this one shall know. */
  readonly metadata?: MetadataNotes;
}

/** One question about a mail (mailman-behaviour.md, section 6.2). It never throws. */
export interface Rule {
  readonly name: string;
  /** Whether its result is recorded, and told in X-Mailman-Rule-Hits or X-Mailman-Rule-Misses. */
  readonly record: boolean;
  readonly check: (context: RuleContext) => RuleResult;
}

/** The result of a rule that has nothing to say. */
export const miss: RuleResult = { hit: false };
