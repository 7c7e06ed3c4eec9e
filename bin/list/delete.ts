import { postingAddress } from '../../lib/lists/list.ts';
import { removeList } from '../../lib/lists/remove-list.ts';
import { exactly } from '../cli/parse.ts';
import { everyThousand } from '../cli/progress.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from './find-list.ts';

/** `list delete` */
export const verb: Verb = {
  summary: 'Delete a list with its members and all that waits there, without asking.',
  usage: 'LIST',
  details: [
    'Held mails are discarded, requests to join or to leave end, bans and texts of the list go away.',
    'Posts that were accepted and not yet made end in the shunt. Nobody is told by mail.',
  ].join('\n'),
  examples: [['list delete ant@example.com', 'Delete a list.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const connection = await connect();
    const list = await findList(connection.store, name);
    const progress = everyThousand(out, (count) => `Removed ${count} members`);
    const ports = { ...connection, site: connection.place.site, blobs: await connection.blobs() };
    const members = await removeList(list, ports, progress.step);
    progress.end();
    out.result(
      { list_id: list.list_id, members_removed: members },
      `Deleted the list ${postingAddress(list)} and its ${members} memberships.`,
    );
  },
};
