import type { Verb } from '../cli/verb.ts';
import { asOption } from '../held/moderator.ts';
import { decide } from './decide.ts';

/** `request accept` */
export const verb: Verb = {
  summary: 'Accept requests: who wants to join becomes a member, who wants to leave is taken off.',
  usage: 'LIST ADDRESS|TOKEN...',
  details:
    'Waits until it is done. A request that nobody has confirmed can be accepted as well; its address then is not verified.',
  examples: [['request accept ant@example.com anne@example.org', 'Let somebody in.']],
  options: { as: asOption },
  run: (call) => decide(call, 'accept'),
};
