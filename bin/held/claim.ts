import type { HeldMail } from '../../lib/held/held-mail.ts';
import type { Verb } from '../cli/verb.ts';
import { heldObject } from './held-object.ts';
import { asOption, moderatorFrom } from './moderator.ts';
import { namedHelds } from './wish.ts';

/** `held claim` */
export const verb: Verb = {
  summary: 'Mark held mails as being looked at by you, or give them back.',
  usage: 'LIST NUMBER...',
  details:
    'A claim is for people: others see it in held ls and held show, and nobody is kept from deciding. Anybody can release it.',
  examples: [
    ['held claim ant@example.com 7', 'Tell the others that you look at a mail.'],
    ['held claim ant@example.com 7 --release', 'Give it back.'],
  ],
  options: { release: { doc: 'Give the mails back.' }, as: asOption },
  run: async (call) => {
    const { options, out, connect } = call;
    const by = options.flag('release') ? null : moderatorFrom(options);
    const connection = await connect();
    const { list, helds } = await namedHelds(call, connection);
    const now: HeldMail[] = [];
    for (const { request_id } of helds) {
      const held = await connection.store.held.claim(list.list_id, request_id, by, connection.clock.now());
      if (held === undefined) out.problem(`${request_id} was decided on just now`);
      else if (by !== null && held.claimed_by !== by) {
        out.problem(`${request_id} is claimed by ${held.claimed_by} since ${held.claimed_at}`);
      } else now.push(held);
    }
    out.result(
      now.map(heldObject),
      now
        .map(({ request_id }) => `${request_id} is ${by === null ? 'free again' : `claimed by ${by}`}.`)
        .join('\n'),
    );
  },
};
