import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import { createList } from '../../lib/lists/create.ts';
import { postingAddress } from '../../lib/lists/list.ts';
import { recommendedStyle } from '../../lib/lists/styles.ts';
import { addMembers } from '../../lib/members/add-members.ts';
import { CommandError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { givenSettings } from './given-settings.ts';
import { listObject } from './list-object.ts';

/** `list create` */
export const verb: Verb = {
  summary: 'Make a mailing list.',
  usage: 'LIST',
  details:
    'LIST is its posting address, such as ant@example.com. A domain that is not known yet is registered.\nlist set --help tells how settings are written.',
  examples: [
    ['list create ant@example.com', 'Make a list with the usual settings.'],
    [
      'list create ant@example.com --owner anne@example.com --set max_message_size=100',
      'Make a list with an owner, which takes posts of 100 KB.',
    ],
  ],
  options: {
    style: { takes: 'STYLE', doc: 'What the list begins with (belfry-default unless given).' },
    owner: { takes: 'ADDRESS', multiple: true, doc: 'An owner of the list.' },
    set: { takes: 'NAME=VALUE', multiple: true, doc: 'A setting of the list.' },
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const settings = givenSettings(options.all('set'));
    const owners = options.all('owner');
    const wrong = owners.find((owner) => parseEmailAddress(owner) === undefined);
    if (wrong !== undefined) throw new CommandError(`The owner "${wrong}" is not an e-mail address`);
    const style = options.text('style') ?? recommendedStyle;
    const { store, clock, place } = await connect();
    const list = await createList(name, { store, clock, site: place.site }, { settings, style });
    await addMembers({ store, clock }, list, owners, { role: 'owner' });
    out.result(listObject(list), `Made the list ${postingAddress(list)}.`);
  },
};
