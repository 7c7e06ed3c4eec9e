import { append } from '../mail/header-edits.ts';
import { ownerMark } from '../mail/owner-mark.ts';
import type { Handler } from './handler.ts';

/** Marks mail to the owners, so that the rule `owner-loop` knows it when it comes back. Marks of other lists stay. */
export const beenThere: Handler = {
  name: 'been-there',
  process: ({ list }) => [
    { kind: 'edit-header', edits: [append(ownerMark.header, ownerMark.valueFor(list))] },
  ],
};
