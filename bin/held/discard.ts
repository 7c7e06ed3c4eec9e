import type { Verb } from '../cli/verb.ts';
import { asOption } from './moderator.ts';
import { decide } from './wish.ts';

/** `held discard` */
export const verb: Verb = {
  summary: 'Discard held mails: nobody is told.',
  usage: 'LIST NUMBER...',
  examples: [
    ['held discard ant@example.com 7 8 9', 'Discard three mails.'],
    ['held discard ant@example.com 7 --ban', 'Discard a mail, and ban its sender from the list.'],
  ],
  options: { ban: { doc: 'Ban the sender from the list.' }, as: asOption },
  run: (call) => decide(call, { deed: 'discard', ...(call.options.flag('ban') ? { ban: true } : {}) }),
};
