import type { LinkChain } from './chain.ts';

/** The way of mail to the owners: everything passes but what comes back (mailman-behaviour.md, section 7; the loop rule is ours). */
export const defaultOwnerChain: LinkChain = {
  name: 'default-owner-chain',
  links: [
    { rule: 'owner-loop', action: 'jump', chain: 'discard' },
    { rule: 'too-large-for-ses', action: 'jump', chain: 'reject' },
    { rule: 'truth', action: 'jump', chain: 'accept' },
  ],
};
