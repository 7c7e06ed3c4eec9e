import type { Verb } from '../cli/verb.ts';
import { asOption } from '../held/moderator.ts';
import { decide } from './decide.ts';

/** `request discard` */
export const verb: Verb = {
  summary: 'Drop requests without a word.',
  usage: 'LIST ADDRESS|TOKEN...',
  details: 'Waits until it is done.',
  examples: [['request discard ant@example.com anne@example.org', 'Drop a request.']],
  options: { as: asOption },
  run: (call) => decide(call, 'discard'),
};
