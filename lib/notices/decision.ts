/** What a moderator can decide on what waits, so that it waits no more. */
export const decisions = ['accept', 'reject', 'discard'] as const;
export type Decision = (typeof decisions)[number];
