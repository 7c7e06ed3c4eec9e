import type { HeaderBlock } from '../../mail/header-block.ts';
import { applyEdits, hasField, remove, replace } from '../../mail/header-edits.ts';
import type { CopyStep } from './copy-step.ts';

const name = 'X-Mailman-Copy';

/** The mail without a mark that it brought along: a mark says something of one recipient, and of nobody else. */
export const withoutMark = (mail: HeaderBlock): HeaderBlock =>
  hasField(mail, name) ? applyEdits(mail, [remove(name)]) : mail;

/** Marks the copy of somebody who got the post from its author as well, so that mail programs can tell the two apart. */
export const duplicateMark: CopyStep = {
  name: 'duplicate-mark',
  make: (mail, { entry }) =>
    entry.duplicate === true ? applyEdits(mail, replace(name, 'yes')) : withoutMark(mail),
};
