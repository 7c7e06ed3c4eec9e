import type { TerminalChain } from './chain.ts';

/** The mail goes back to its sender, with the reasons. */
export const reject: TerminalChain = { name: 'reject', disposition: 'rejected' };
