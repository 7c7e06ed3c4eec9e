import { miss, type Rule } from './rule.ts';

/** Whether the rule dmarc-mitigation has found that the mail is to be dropped. */
export const dmarcIsDiscard: Rule = {
  name: 'dmarc-is-discard',
  record: false,
  check: ({ metadata }) => (metadata.dmarc_action === 'discard' ? { hit: true } : miss),
};
