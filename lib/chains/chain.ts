import type { Disposition } from '../posts/mail-record.ts';
import type { Metadata, MetadataNotes } from '../queue/messages.ts';
import type { RuleContext, RuleResult } from '../rules/rule.ts';

/** What follows when the rule of a link hits. */
export type Link = { readonly rule: string } & (
  | /** Goes to another chain and does not come back. */ { readonly action: 'jump'; readonly chain: string }
  | /** Goes to another chain and comes back when that one is exhausted. */ {
      readonly action: 'detour';
      readonly chain: string;
    }
  | /** Only notes the result; a later rule may look at the hits. */ { readonly action: 'defer' }
  | /** Ends all processing; the mail goes no further and its record says so. */ { readonly action: 'stop' }
  | /** Computes metadata for what comes after, and goes on. */ {
      readonly action: 'run';
      readonly run: (context: RuleContext) => MetadataNotes;
    }
);

/** A chain of links, read from top to bottom (mailman-behaviour.md, section 6). */
export interface LinkChain {
  readonly name: string;
  readonly links: readonly Link[];
}

/** The end of the way: a chain that decides (mailman-behaviour.md, section 7). What follows is the runner's. */
export interface TerminalChain {
  readonly name: string;
  readonly disposition: Disposition;
}

export type Chain = LinkChain | TerminalChain;

/** One rule that was asked on the way, and what it said. */
export interface ChainStep {
  /** The chain in which it was asked. */
  readonly chain: string;
  readonly rule: string;
  /** Whether its result is told in X-Mailman-Rule-Hits or X-Mailman-Rule-Misses. */
  readonly recorded: boolean;
  readonly link: Link;
  readonly result: RuleResult;
}

/** What a chain came to. */
export interface ChainResult {
  readonly disposition: Disposition;
  /** The name of the chain that decided. */
  readonly chain: string;
  /** The names of the recorded rules that hit, and of those that missed, in the order of their evaluation. */
  readonly hits: readonly string[];
  readonly misses: readonly string[];
  readonly reasons: readonly string[];
  /** The metadata of the mail, with what rules and chains have added. */
  readonly metadata: Metadata;
  /** Every rule that was asked, in order. */
  readonly steps: readonly ChainStep[];
}
