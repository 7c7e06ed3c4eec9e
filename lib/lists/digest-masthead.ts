import { listAddress, type MailingList, postingAddress } from './list.ts';

/** How each digest begins. The rule `digests` knows a quoted digest by these lines. */
export const digestMasthead = (list: MailingList): string =>
  [
    `These are posts to the list ${list.settings.display_name}, gathered for its readers.`,
    '',
    'To write to everybody on the list:',
    `    ${postingAddress(list)}`,
    'To join, to leave, or to get help, write the word "help" to:',
    `    ${listAddress(list, 'request')}`,
    'To reach the people who look after the list:',
    `    ${listAddress(list, 'owner')}`,
    '',
    'When you answer a post, please give your message its subject, and quote',
    'no more of the digest than what you answer.',
    '',
  ].join('\n');
