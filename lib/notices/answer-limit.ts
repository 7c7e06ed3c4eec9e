import type { Store } from '../store/store.ts';

/** A span of time, and how many answers are caused in it at most. */
export interface AnswerLimit {
  /** What is counted: to whom, from where, and of what kind. */
  readonly name: string;
  /** The id of what is answered: the same mail is counted once. */
  readonly cause: string;
  readonly at: Date;
  /** In milliseconds. */
  readonly span: number;
  /** 0: any number. */
  readonly most: number;
}

/** Whether fewer than so many answers were caused within the span of time. */
export const isWithin = async (
  { name, cause, at, span, most }: AnswerLimit,
  { store }: { readonly store: Pick<Store, 'limits'> },
): Promise<boolean> => {
  if (most === 0) return true;
  const begun = Math.floor(at.getTime() / span) * span;
  const full = `${name}#${new Date(begun).toISOString()}`;
  const position = await store.limits.position(full, cause, most, new Date(begun + 2 * span));
  return position !== undefined && position <= most;
};
