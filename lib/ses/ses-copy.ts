import type { DeliveryPlan } from '../delivery/delivery-plan.ts';
import { joinMail, parseHeaderBlock } from '../mail/header-block.ts';
import type { CopyStep } from './copy/copy-step.ts';
import { endHeader } from './copy/end-header.ts';
import { keepMessageId } from './copy/keep-message-id.ts';
import { mungeFrom } from './copy/munge-from.ts';
import { onceOnly } from './copy/once-only.ts';
import { readableHeader } from './copy/readable-header.ts';
import { shortBodyLines } from './copy/short-body-lines.ts';
import { shortHeaderLines } from './copy/short-header-lines.ts';
import { stripHeader } from './copy/strip-header.ts';

/** What is done to every mail before Amazon SES carries it, from top to bottom (design, section 5). */
const steps: readonly CopyStep[] = [
  endHeader,
  stripHeader,
  mungeFrom,
  onceOnly,
  keepMessageId,
  readableHeader,
  shortHeaderLines,
  shortBodyLines,
];

/** A mail as Amazon SES carries it: bytes with these edits and no others (design, rule 1). Made from itself, it is itself. */
export const sesCopy = (post: Buffer, { plan }: { readonly plan: DeliveryPlan }): Buffer =>
  joinMail(steps.reduce((mail, step) => step(mail, plan), parseHeaderBlock(post)));
