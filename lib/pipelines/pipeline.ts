import type { Handler } from '../handlers/handler.ts';

/** The handlers that make a post, read from top to bottom (mailman-behaviour.md, sections 9 and 10). */
export interface Pipeline {
  readonly name: string;
  /** True for mail that Belfry wrote itself, whose Reply-To and Cc stay as they are. */
  readonly fasttrack: boolean;
  /** The last is `to-outgoing`: a post that nobody sends is lost. */
  readonly handlers: readonly [...(readonly Handler[]), Handler];
}
