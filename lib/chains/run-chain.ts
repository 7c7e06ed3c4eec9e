import { ShuntError } from '../errors/shunt-error.ts';
import type { MetadataNotes } from '../queue/messages.ts';
import type { RuleContext, RuleResult } from '../rules/rule.ts';
import type { Chain, ChainResult, ChainStep, Link, LinkChain } from './chain.ts';
import type { ChainTable } from './chain-table.ts';

/** What is known when a chain begins: hits and metadata come from the chain from then on. */
export type ChainStart = Omit<RuleContext, 'hits'>;

/** Where in a chain processing is. */
interface Place {
  readonly chain: LinkChain;
  next: number;
}

/**
 * Sends a mail through a chain, and tells what it came to; it does nothing itself (design, rule 14). Hits, misses and reasons are
 * in the order of evaluation. It ends, because a table has no circles and each step goes forward.
 * @throws ShuntError when the chain is unknown, which a list's settings can bring about.
 */
export const runChain = (table: ChainTable, name: string, start: ChainStart): ChainResult => {
  const hits: string[] = [];
  const misses: string[] = [];
  const reasons: string[] = [];
  const steps: ChainStep[] = [];
  let metadata = start.metadata;
  const context = (): RuleContext => ({ ...start, metadata, hits: [...hits] });

  /** Mailman's metadata of a hit: why, and who is the sender in question (mailman-behaviour.md, section 6.2). */
  const noteReason = (reason: string): void => {
    reasons.push(reason);
    const notes: MetadataNotes = {
      moderation_reasons: [...reasons],
      moderation_sender: metadata.moderation_sender ?? start.senders[0] ?? 'N/A',
    };
    metadata = { ...metadata, ...notes };
  };

  const evaluate = (link: Link, chain: LinkChain): RuleResult => {
    const rule = table.rules.get(link.rule);
    if (rule === undefined) throw new ShuntError(`There is no rule named ${link.rule}.`);
    const result = rule.check(context());
    metadata = { ...metadata, ...result.metadata };
    if (rule.record) (result.hit ? hits : misses).push(rule.name);
    if (result.hit && result.reason !== undefined) noteReason(result.reason);
    steps.push({ chain: chain.name, rule: rule.name, recorded: rule.record, link, result });
    return result;
  };

  const chainNamed = (wanted: string): Chain => {
    const chain = table.chains.get(wanted);
    if (chain === undefined) throw new ShuntError(`There is no chain named ${wanted}.`);
    return chain;
  };

  const ended = (disposition: ChainResult['disposition'], chain: string): ChainResult => ({
    disposition,
    chain,
    hits,
    misses,
    reasons,
    metadata,
    steps,
  });

  const first = chainNamed(name);
  if ('disposition' in first) return ended(first.disposition, first.name);
  // The chains that were left by a detour, the present one last.
  const places: Place[] = [{ chain: first, next: 0 }];
  for (let place = places.at(-1); place !== undefined; place = places.at(-1)) {
    const link = place.chain.links[place.next];
    if (link === undefined) {
      places.pop();
      continue;
    }
    place.next += 1;
    if (!evaluate(link, place.chain).hit || link.action === 'defer') continue;
    if (link.action === 'stop') return ended('discarded', place.chain.name);
    if (link.action === 'run') {
      metadata = { ...metadata, ...link.run(context()) };
      continue;
    }
    const target = chainNamed(link.chain);
    if ('disposition' in target) return ended(target.disposition, target.name);
    if (link.action === 'jump') places.pop();
    places.push({ chain: target, next: 0 });
  }
  throw new ShuntError(`The chain ${name} ended without a decision.`);
};
