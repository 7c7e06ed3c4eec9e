import { UsageError } from '../cli/errors.ts';
import type { Verb } from '../cli/verb.ts';
import { findWhere, siteOption, whereOf } from './where.ts';

/** `ban ls` */
export const verb: Verb = {
  summary: 'Name the bans of a list, or of the site.',
  usage: 'LIST|--site',
  details: 'The bans of the site hold on every list, and are shown with --site alone.',
  examples: [
    ['ban ls ant@example.com', 'Name the bans of a list.'],
    ['ban ls --site', 'Name the bans of the site.'],
  ],
  options: siteOption,
  run: async ({ args, options, out, connect }) => {
    const { name, rest } = whereOf(args, options);
    if (rest[0] !== undefined) throw new UsageError(`"${rest[0]}" is one argument too many`);
    const { store } = await connect();
    const { listId, words } = await findWhere(store, name);
    const entries = async function* () {
      yield* await store.bans.ls(listId);
    };
    await out.items(entries(), (entry) => entry, `Nobody is banned from ${words}.`);
  },
};
