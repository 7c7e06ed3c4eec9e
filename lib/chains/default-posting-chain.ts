import type { Link, LinkChain } from './chain.ts';

const emergency: Link = { rule: 'emergency', action: 'jump', chain: 'hold' };
const memberModeration: Link = { rule: 'member-moderation', action: 'jump', chain: 'moderation' };
const headerMatch: Link = { rule: 'truth', action: 'detour', chain: 'header-match' };
const loopAndBans: readonly Link[] = [
  { rule: 'loop', action: 'jump', chain: 'discard' },
  { rule: 'banned-address', action: 'jump', chain: 'discard' },
];
/** Not Mailman's: a list without posts sends them back. The rule leaves no record, so that what is recorded stays Mailman's. */
const postsAllowed: Link = { rule: 'posts-not-allowed', action: 'jump', chain: 'reject' };

/** Where the two orders differ. */
const middle = {
  '3.3.8': [emergency, ...loopAndBans, postsAllowed, memberModeration, headerMatch],
  '3.3.10': [...loopAndBans, headerMatch, emergency, postsAllowed, memberModeration],
} as const;

/** Which Mailman's order of rules a site wants. */
export type ChainOrder = keyof typeof middle;

/** The way of a post, in Mailman's order (mailman-behaviour.md, sections 6.1 and 27), which is a contract: filters read the misses. */
export const defaultPostingChain = (order: ChainOrder): LinkChain => ({
  name: 'default-posting-chain',
  links: [
    { rule: 'dmarc-mitigation', action: 'jump', chain: 'dmarc' },
    { rule: 'no-senders', action: 'jump', chain: 'discard' },
    // Not Mailman's: nobody can let pass what cannot be delivered.
    { rule: 'too-large-for-ses', action: 'jump', chain: 'reject' },
    { rule: 'approved', action: 'jump', chain: 'accept' },
    ...middle[order],
    { rule: 'nonmember-moderation', action: 'jump', chain: 'moderation' },
    { rule: 'administrivia', action: 'defer' },
    { rule: 'implicit-dest', action: 'defer' },
    { rule: 'max-recipients', action: 'defer' },
    { rule: 'max-size', action: 'defer' },
    { rule: 'news-moderation', action: 'defer' },
    { rule: 'no-subject', action: 'defer' },
    { rule: 'digests', action: 'defer' },
    { rule: 'suspicious-header', action: 'defer' },
    { rule: 'any', action: 'jump', chain: 'hold' },
    { rule: 'truth', action: 'jump', chain: 'accept' },
  ],
});
