import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import { UsageError } from '../cli/errors.ts';
import { firstAndRest } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { findHeld, heldNumber } from './find-held.ts';
import { asOption, moderatorFrom } from './moderator.ts';
import { sendWishes } from './wish.ts';

/** `held forward` */
export const verb: Verb = {
  summary: 'Send a copy of a held mail to somebody; it goes on waiting.',
  usage: 'LIST NUMBER ADDRESS...',
  details: 'The mail is enclosed as it came. An address gets a copy of the same mail once.',
  examples: [['held forward ant@example.com 7 expert@example.org', 'Ask somebody about a mail.']],
  options: { as: asOption },
  run: async ({ args, options, out, connect }) => {
    const { first, rest } = firstAndRest(args, 'LIST', 'NUMBER');
    const [number = '', ...addresses] = rest;
    const request = heldNumber(number);
    if (addresses.length === 0) throw new UsageError('ADDRESS is missing');
    for (const address of addresses) {
      if (parseEmailAddress(address) === undefined) {
        throw new UsageError(`"${address}" is not an e-mail address`);
      }
    }
    const by = moderatorFrom(options);
    const connection = await connect();
    const held = await findHeld(connection.store, await findList(connection.store, first), request);
    await sendWishes([held], by, { deed: 'defer', forward: addresses }, connection);
    out.result(
      { request_id: request, forwarded_to: addresses },
      `${request} is on its way to ${addresses.join(', ')}.`,
    );
  },
};
