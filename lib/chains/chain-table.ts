import type { Rule } from '../rules/rule.ts';
import type { Chain, Link, LinkChain } from './chain.ts';

/** The chains and rules by their names, checked: whatever begins at one of the starts ends with a decision. */
export interface ChainTable {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly rules: ReadonlyMap<string, Rule>;
}

const byName = <T extends { readonly name: string }>(kind: string, items: readonly T[]): Map<string, T> => {
  const table = new Map<string, T>();
  for (const item of items) {
    if (table.has(item.name)) throw new Error(`There are two ${kind}s named ${item.name}`);
    table.set(item.name, item);
  }
  return table;
};

const linksOf = (chain: Chain): readonly Link[] => ('links' in chain ? chain.links : []);

const targetsOf = (chain: Chain): readonly string[] =>
  linksOf(chain).flatMap((link) => (link.action === 'jump' || link.action === 'detour' ? [link.chain] : []));

const refuseUnknownNames = ({ chains, rules }: ChainTable): void => {
  for (const chain of chains.values()) {
    for (const { rule } of linksOf(chain)) {
      if (!rules.has(rule)) throw new Error(`The chain ${chain.name} names the unknown rule ${rule}`);
    }
    for (const target of targetsOf(chain)) {
      if (!chains.has(target)) throw new Error(`The chain ${chain.name} names the unknown chain ${target}`);
    }
  }
};

const refuseCycles = (chains: ReadonlyMap<string, Chain>): void => {
  const ended = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new Error(`The chains go in a circle: ${[...path, name].join(' -> ')}`);
    const chain = chains.get(name);
    if (ended.has(name) || chain === undefined) return;
    for (const target of targetsOf(chain)) visit(target, [...path, name]);
    ended.add(name);
  };
  for (const name of chains.keys()) visit(name, []);
};

/** Whether the last link always leads away: `truth` always hits. */
const alwaysEnds = ({ links }: LinkChain): boolean => {
  const last = links.at(-1);
  return last?.rule === 'truth' && (last.action === 'jump' || last.action === 'stop');
};

/** A chain that is only gone to by detour may be exhausted, since its caller goes on; any other must come to an end. */
const refuseOpenEnds = (chains: ReadonlyMap<string, Chain>): void => {
  const links = [...chains.values()].flatMap(linksOf);
  const detours = new Set(links.flatMap((link) => (link.action === 'detour' ? [link.chain] : [])));
  const jumps = new Set(links.flatMap((link) => (link.action === 'jump' ? [link.chain] : [])));
  for (const chain of chains.values()) {
    const onlyDetour = detours.has(chain.name) && !jumps.has(chain.name);
    if (!('links' in chain) || onlyDetour || alwaysEnds(chain)) continue;
    throw new Error(
      `The chain ${chain.name} can end without a decision: its last link must always jump or stop`,
    );
  }
};

/**
 * Puts chains and rules into a table, and refuses what could fail when mail is on its way: unknown or repeated names, circles,
 * and chains that can end without a decision.
 */
export const buildChainTable = (chains: readonly Chain[], rules: readonly Rule[]): ChainTable => {
  const table = { chains: byName('chain', chains), rules: byName('rule', rules) };
  refuseUnknownNames(table);
  refuseCycles(table.chains);
  refuseOpenEnds(table.chains);
  return table;
};
