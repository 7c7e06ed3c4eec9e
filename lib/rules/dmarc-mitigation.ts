import { listAddress } from '../lists/list.ts';
import { missFor, type Rule, type RuleResult } from './rule.ts';

/** What was found of the author's domain, for who asks; undefined when it forbids nothing. */
const findingOf = (answer: Parameters<Rule['check']>[0]['answers']['dmarc']): string | undefined => {
  if (answer?.kind === 'failed')
    return `DNS did not say whether ${answer.domain} forbids it (${answer.why}).`;
  if (answer?.kind !== 'policy' || answer.policy === 'none') return undefined;
  return `${answer.foundAt} publishes p=${answer.policy}.`;
};

/**
 * Looks at what the domain of the author says about mail that others send in its name (DMARC, RFC 7489). It hits when the list rejects or discards such
 * posts; when the list changes them it only sets `dmarc`, and a handler does it. A DNS that fails counts as one that forbids: a post that is munged
 * for nothing is better than one that bounces everywhere.
 */
export const dmarcMitigation: Rule = {
  name: 'dmarc-mitigation',
  record: true,
  asks: ['dmarc'],
  check: ({ list, answers }): RuleResult => {
    const { dmarc_mitigate_action: action, dmarc_moderation_notice: notice } = list.settings;
    if (action === 'no_mitigation') return missFor('The list does nothing about DMARC.');
    const finding = findingOf(answers.dmarc);
    if (finding === undefined) return missFor('The domain of its author forbids nothing.');
    if (action !== 'reject' && action !== 'discard') {
      return { ...missFor(`${finding} The post will be changed (${action}).`), metadata: { dmarc: true } };
    }
    return {
      hit: true,
      reason:
        notice ||
        `The domain of your address forbids others to send mail in its name, so this list cannot send your message on; ask its owners at ${listAddress(list, 'owner')}.`,
      metadata: { dmarc: true, dmarc_action: action },
    };
  },
};
