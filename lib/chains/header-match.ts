import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import { headerMatchRule } from '../rules/header-match.ts';
import type { Rule } from '../rules/rule.ts';
import { readHeaderLines } from '../settings/header-lines.ts';
import type { Link, LinkChain } from './chain.ts';

/** The name of the chain, which is made for each list. */
export const headerMatchName = 'header-match';

/** The chain of one list, with the rules that it asks. */
export interface HeaderMatchChain {
  readonly chain: LinkChain;
  readonly rules: readonly Rule[];
}

/**
 * The chain of a list (mailman-behaviour.md, section 6.3): the site's header checks, each only noted; then whatever has hit so far jumps to
 * the site's `jump_chain`; then the list's own matches in their order, each to the chain that it names.
 */
export const headerMatchChain = (list: MailingList, { antispam }: Site): HeaderMatchChain => {
  const ofSite = readHeaderLines(antispam.header_checks).map(({ header, pattern, index }) =>
    headerMatchRule(`header-match-config-${index}`, header, pattern),
  );
  const ofList = list.settings.header_matches.map(({ header, pattern, action }, index) => ({
    rule: headerMatchRule(`header-match-${list.list_id}-${index}`, header, pattern),
    action: action ?? antispam.jump_chain,
  }));
  const links: readonly Link[] = [
    ...ofSite.map(({ name }): Link => ({ rule: name, action: 'defer' })),
    { rule: 'any', action: 'jump', chain: antispam.jump_chain },
    ...ofList.map(
      ({ rule: { name }, action }): Link =>
        action === 'defer' ? { rule: name, action: 'defer' } : { rule: name, action: 'jump', chain: action },
    ),
  ];
  return {
    chain: { name: headerMatchName, links },
    rules: [...ofSite, ...ofList.map(({ rule }) => rule)],
  };
};
