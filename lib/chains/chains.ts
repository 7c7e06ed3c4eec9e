import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import type { Question } from '../rules/answers.ts';
import { rules } from '../rules/rules.ts';
import { accept } from './accept.ts';
import { builtIn } from './built-in.ts';
import type { Chain } from './chain.ts';
import { buildChainTable, type ChainTable } from './chain-table.ts';
import { defaultOwnerChain } from './default-owner-chain.ts';
import { type ChainOrder, defaultPostingChain } from './default-posting-chain.ts';
import { discard } from './discard.ts';
import { dmarc } from './dmarc.ts';
import { headerMatchChain, headerMatchName } from './header-match.ts';
import { hold } from './hold.ts';
import { moderation } from './moderation.ts';
import { reject } from './reject.ts';

/** Stands in for the chain of a list, which is made when the list is known; it leads to the ends that such a chain may lead to. */
const anyHeaderMatch: Chain = {
  name: headerMatchName,
  links: [accept, hold, reject, discard].map(({ name }) => ({ rule: 'any', action: 'jump', chain: name })),
};

/** Every chain that a list or a link can name. A new chain is one file and one line here; a mistake in it stops the start. */
const chainsIn = (order: ChainOrder): readonly Chain[] => [
  defaultPostingChain(order),
  builtIn,
  defaultOwnerChain,
  anyHeaderMatch,
  moderation,
  dmarc,
  accept,
  hold,
  reject,
  discard,
];

const tables: Readonly<Record<ChainOrder, ChainTable>> = {
  '3.3.8': buildChainTable(chainsIn('3.3.8'), rules),
  '3.3.10': buildChainTable(chainsIn('3.3.10'), rules),
};

/** The chains of a site without those that are made for a list. */
export const chainTable = ({ mailman }: Pick<Site, 'mailman'>): ChainTable => tables[mailman.chain_order];

/** The chains and rules for the mails of one list: with the list's own header matches. */
export const chainTableFor = (list: MailingList, site: Site): ChainTable => {
  const table = chainTable(site);
  const own = headerMatchChain(list, site);
  return {
    chains: new Map([...table.chains, [own.chain.name, own.chain]]),
    rules: new Map([...table.rules, ...own.rules.map((rule) => [rule.name, rule] as const)]),
  };
};

/** The chain at which a post begins: the one that the list names, or else that of the site. */
export const postingChainOf = ({ settings }: MailingList, { mailman }: Pick<Site, 'mailman'>): string =>
  settings.posting_chain === 'default-posting-chain' ? mailman.default_posting_chain : settings.posting_chain;

/** What the rules of a chain, and of those that it leads to, need to know; nothing else is read for it. */
export const questionsOf = (table: ChainTable, start: string): ReadonlySet<Question> => {
  const asked = new Set<Question>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chain = table.chains.get(name);
    if (chain === undefined || seen.has(name) || !('links' in chain)) return;
    seen.add(name);
    for (const link of chain.links) {
      for (const question of table.rules.get(link.rule)?.asks ?? []) asked.add(question);
      if ('chain' in link) visit(link.chain);
    }
  };
  visit(start);
  return asked;
};
