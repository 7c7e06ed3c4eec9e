import type { LinkChain } from './chain.ts';

/** Does what the list wants with posts whose author's domain forbids others to send in its name. */
export const dmarc: LinkChain = {
  name: 'dmarc',
  links: [
    { rule: 'dmarc-is-discard', action: 'jump', chain: 'discard' },
    { rule: 'truth', action: 'jump', chain: 'reject' },
  ],
};
