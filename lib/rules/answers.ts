import type { DmarcAnswer } from '../dmarc/dmarc-answer.ts';
import type { Member } from '../members/member.ts';

/** What a rule may ask of the world. Only what the rules of a chain ask is read. */
export const questions = ['bans', 'members', 'owners', 'approval', 'dmarc'] as const;
export type Question = (typeof questions)[number];

/** What came of the password that a mail carries to pass the moderators. `unchecked`: there were too many tries lately. */
export type Approval = 'none' | 'fits' | 'wrong' | 'unchecked';

/** What the world answered, read before the chain begins, so that rules stay pure. People are found by the key of their address. */
export interface Answers {
  /** Which senders are members. */
  readonly members: ReadonlyMap<string, Member>;
  /** Which senders are nonmembers that are known; only read when no sender is a member. */
  readonly nonmembers: ReadonlyMap<string, Member>;
  /** Which senders are owners or moderators; only read when the list takes no posts. */
  readonly owners: ReadonlyMap<string, Member>;
  readonly bans: { readonly list: readonly string[]; readonly site: readonly string[] };
  readonly approval: Approval;
  /** Absent when the list does not mitigate, or the mail has no author. */
  readonly dmarc?: DmarcAnswer;
}

/** Nothing is known of anybody. */
export const noAnswers: Answers = {
  members: new Map(),
  nonmembers: new Map(),
  owners: new Map(),
  bans: { list: [], site: [] },
  approval: 'none',
};
