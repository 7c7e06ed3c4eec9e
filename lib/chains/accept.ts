import type { TerminalChain } from './chain.ts';

/** The mail becomes a post: the pipeline makes it. */
export const accept: TerminalChain = { name: 'accept', disposition: 'accepted' };
