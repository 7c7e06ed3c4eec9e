import type { TerminalChain } from './chain.ts';

/** The mail ends here, and nobody is told; its record and the mail log say why. */
export const discard: TerminalChain = { name: 'discard', disposition: 'discarded' };
