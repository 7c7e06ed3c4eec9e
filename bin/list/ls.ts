import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';

const on = async function* (lists: AsyncIterable<MailingList>, domain: string | undefined) {
  for await (const list of lists) {
    if (domain !== undefined && list.mail_host !== domain.toLowerCase()) continue;
    yield {
      list_id: list.list_id,
      fqdn_listname: postingAddress(list),
      display_name: list.settings.display_name,
      description: list.settings.description,
    };
  }
};

/** `list ls` */
export const verb: Verb = {
  summary: 'Name all lists.',
  usage: '',
  examples: [['list ls --domain example.com', 'Name the lists of a domain.']],
  options: { domain: { takes: 'DOMAIN', doc: 'Only lists of this domain.' } },
  run: async ({ args, options, out, connect }) => {
    exactly(args);
    const { store } = await connect();
    await out.items(
      on(store.lists.ls(), options.text('domain')),
      ({ fqdn_listname, description }) =>
        description === '' ? fqdn_listname : `${fqdn_listname}  ${description}`,
      'There are no lists.',
    );
  },
};
