import type { LinkChain } from './chain.ts';

/**
 * Mailman's older chain: it asks nothing about who the sender is, so that a list without members can take posts from everybody. A list
 * names it as its `posting_chain`.
 */
export const builtIn: LinkChain = {
  name: 'built-in',
  links: [
    { rule: 'too-large-for-ses', action: 'jump', chain: 'reject' },
    { rule: 'approved', action: 'jump', chain: 'accept' },
    { rule: 'emergency', action: 'jump', chain: 'hold' },
    { rule: 'loop', action: 'jump', chain: 'discard' },
    { rule: 'administrivia', action: 'defer' },
    { rule: 'implicit-dest', action: 'defer' },
    { rule: 'max-recipients', action: 'defer' },
    { rule: 'max-size', action: 'defer' },
    { rule: 'news-moderation', action: 'defer' },
    { rule: 'no-subject', action: 'defer' },
    { rule: 'suspicious-header', action: 'defer' },
    { rule: 'any', action: 'jump', chain: 'hold' },
    { rule: 'truth', action: 'jump', chain: 'accept' },
  ],
};
