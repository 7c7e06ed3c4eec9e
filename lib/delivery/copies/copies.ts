import { joinMail, parseHeaderBlock } from '../../mail/header-block.ts';
import type { Freight } from '../delivery-module.ts';
import type { RosterEntry } from '../roster.ts';
import type { CopyStep } from './copy-step.ts';
import { duplicateMark, withoutMark } from './duplicate-mark.ts';
import { oneClickUnsubscribe } from './one-click-unsubscribe.ts';
import { personalTo } from './personal-to.ts';

/**
 * What is done for each recipient, in Mailman's order (mailman-behaviour.md, section 11.2). A footer goes between the two, when the plan says
 * that copies may be decorated; a signature comes last, because it is about all the rest.
 */
export const copySteps: readonly CopyStep[] = [duplicateMark, personalTo, oneClickUnsubscribe];

/** Makes the copies of a post, one for each recipient; one that nothing changes is the post itself, byte for byte. */
export const copiesOf = ({
  post,
  message: { plan, listid: listId },
  links,
}: Pick<Freight, 'post' | 'message' | 'links'>): ((entry: RosterEntry) => Buffer) => {
  const mail = parseHeaderBlock(post);
  return (entry) => {
    const made = copySteps.reduce((copy, step) => step.make(copy, { entry, plan, listId, links }), mail);
    return made === mail ? post : joinMail(made);
  };
};

/** The one copy that all recipients of a bulk delivery share. */
export const sharedCopy = ({ post }: Pick<Freight, 'post'>): Buffer => {
  const mail = parseHeaderBlock(post);
  const made = withoutMark(mail);
  return made === mail ? post : joinMail(made);
};
