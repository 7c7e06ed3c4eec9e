import type { LinkChain } from './chain.ts';

/** Does what member-moderation or nonmember-moderation found that shall be done with this sender's posts. */
export const moderation: LinkChain = {
  name: 'moderation',
  links: [
    { rule: 'moderation-is-accept', action: 'jump', chain: 'accept' },
    { rule: 'moderation-is-reject', action: 'jump', chain: 'reject' },
    { rule: 'moderation-is-discard', action: 'jump', chain: 'discard' },
    { rule: 'truth', action: 'jump', chain: 'hold' },
  ],
};
