import type { Bounce, BounceReason } from './bounce.ts';

/** What a bounce weighs. */
export type Weight =
  /** The address takes no mail: it scores. */
  | 'scores'
  /** A person does not want the mail. */
  | 'complaint'
  /** The mail, the list or the site was refused, which is no fault of the member. */
  | 'not-the-member'
  /** It may come yet. */
  | 'temporary';

// What was refused was the sender or the mail (design, rule 9).
const notTheMember: ReadonlySet<BounceReason> = new Set([
  'blocked',
  'dmarc',
  'policy',
  'content',
  'too-large',
]);

/** Weighs a bounce: only what is for good, and is about the address, scores. */
export const weigh = ({ kind, why }: Pick<Bounce, 'kind' | 'why'>): Weight => {
  if (kind === 'complaint') return 'complaint';
  if (notTheMember.has(why)) return 'not-the-member';
  return kind === 'permanent' ? 'scores' : 'temporary';
};
