import { rules } from '../rules/rules.ts';
import { accept } from './accept.ts';
import { buildChainTable } from './chain-table.ts';
import { defaultOwnerChain } from './default-owner-chain.ts';
import { defaultPostingChain } from './default-posting-chain.ts';
import { discard } from './discard.ts';

/** Every chain that a list or a link can name. A new chain is one file and one line here; a mistake in it stops the start. */
export const chainTable = buildChainTable([defaultPostingChain, defaultOwnerChain, accept, discard], rules);
