import { applyEdits, replace } from '../../mail/header-edits.ts';
import { messageIdsIn, originalMessageId } from '../message-ids.ts';
import type { CopyStep } from './copy-step.ts';

/**
 * SES gives each copy a Message-ID of its own, so that an answer names an id that nobody else has seen. References stays as it is: the original id
 * is put there last, where programs for mail look for the parent, and all copies and answers meet in one thread.
 */
export const keepMessageId: CopyStep = (mail) => {
  const id = originalMessageId(mail);
  if (id === undefined) return mail;
  const references = messageIdsIn(mail, 'references');
  if (references.at(-1) === id) return mail;
  // Without References it is In-Reply-To that names the parent (RFC 5322, section 3.6.4); with References nobody looks there.
  const before = references.length > 0 ? references : messageIdsIn(mail, 'in-reply-to').slice(0, 1);
  return applyEdits(mail, replace('References', [...before.filter((one) => one !== id), id].join(' ')));
};
