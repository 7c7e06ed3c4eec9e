import type { Verb } from '../cli/verb.ts';
import { asOption } from './moderator.ts';
import { decide } from './wish.ts';

/** `held reject` */
export const verb: Verb = {
  summary: 'Reject held mails: their authors are told.',
  usage: 'LIST NUMBER...',
  examples: [
    [
      'held reject ant@example.com 7 --comment "Please ask on bee@example.com."',
      'Reject a mail, and say why.',
    ],
    ['held reject ant@example.com 7 --ban', 'Reject a mail, and ban its sender from the list.'],
  ],
  options: {
    comment: { takes: 'TEXT', doc: 'What the author is told.' },
    ban: { doc: 'Ban the sender from the list.' },
    as: asOption,
  },
  run: (call) => {
    const comment = call.options.text('comment');
    return decide(call, {
      deed: 'reject',
      ...(comment === undefined ? {} : { comment }),
      ...(call.options.flag('ban') ? { ban: true } : {}),
    });
  },
};
