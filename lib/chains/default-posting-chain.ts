import type { LinkChain } from './chain.ts';

/**
 * The way of a post, in Mailman's order (mailman-behaviour.md, section 6.1), with the rules that Belfry has. What `defer` notes
 * waits for a link that looks at the hits (`any`, to hold); while there is none, such a post is accepted and carries
 * X-Mailman-Rule-Hits.
 */
export const defaultPostingChain: LinkChain = {
  name: 'default-posting-chain',
  links: [
    { rule: 'no-senders', action: 'jump', chain: 'discard' },
    { rule: 'loop', action: 'jump', chain: 'discard' },
    { rule: 'max-size', action: 'defer' },
    { rule: 'no-subject', action: 'defer' },
    { rule: 'truth', action: 'jump', chain: 'accept' },
  ],
};
