import { decoded } from '../mail/header-block.ts';
import { missFor, type Rule } from './rule.ts';

/** Hits a mail whose Subject is missing or blank, also when the blank is written as an encoded word. */
export const noSubject: Rule = {
  name: 'no-subject',
  record: true,
  check: ({ mail }) => {
    const subject = mail.fields.find((field) => field.key === 'subject');
    return subject !== undefined && decoded(subject).trim() !== ''
      ? missFor('It has a subject.')
      : { hit: true, reason: 'The message has no subject.' };
  },
};
