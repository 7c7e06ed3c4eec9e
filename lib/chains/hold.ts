import type { TerminalChain } from './chain.ts';

/** The mail waits for a moderator; its author and the moderators are told. */
export const hold: TerminalChain = { name: 'hold', disposition: 'held' };
