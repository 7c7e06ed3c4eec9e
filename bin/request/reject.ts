import type { Verb } from '../cli/verb.ts';
import { asOption } from '../held/moderator.ts';
import { decide } from './decide.ts';

/** `request reject` */
export const verb: Verb = {
  summary: 'Reject requests: whoever made them is told.',
  usage: 'LIST ADDRESS|TOKEN...',
  details: 'Waits until it is done. An address that wants to join and was never verified is not written to.',
  examples: [
    ['request reject ant@example.com anne@example.org --comment "We are full."', 'Say no, and why.'],
  ],
  options: {
    comment: { takes: 'TEXT', doc: 'What they are told.' },
    as: asOption,
  },
  run: (call) => decide(call, 'reject', call.options.text('comment')),
};
