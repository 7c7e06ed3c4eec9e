import { formatAddressList } from '../../mail/address-list.ts';
import { applyEdits, replace } from '../../mail/header-edits.ts';
import type { CopyStep } from './copy-step.ts';

/** With full personalization the copy is addressed to its recipient, by name when that is known (mailman-behaviour.md, section 11.2). */
export const personalTo: CopyStep = {
  name: 'personal-to',
  make: (mail, { entry, plan }) =>
    plan.personalize === 'full'
      ? applyEdits(mail, replace('To', formatAddressList([{ name: entry.name ?? '', address: entry.email }])))
      : mail,
};
