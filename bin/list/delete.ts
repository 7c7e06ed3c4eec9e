import { postingAddress } from '../../lib/lists/list.ts';
import { removeAllMembers } from '../../lib/members/remove-all-members.ts';
import { exactly } from '../cli/parse.ts';
import { everyThousand } from '../cli/progress.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from './find-list.ts';

/** `list delete` */
export const verb: Verb = {
  summary: 'Delete a list with its members, without asking.',
  usage: 'LIST',
  details: 'Posts that were accepted and not yet made end in the shunt. Nobody is told by mail.',
  examples: [['list delete ant@example.com', 'Delete a list.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const { store } = await connect();
    const list = await findList(store, name);
    // The list goes last: were this interrupted, the same command would find it and go on.
    const progress = everyThousand(out, (count) => `Removed ${count} members`);
    const members = await removeAllMembers(store, list.list_id, progress.step);
    progress.end();
    await store.lists.remove(list.list_id);
    out.result(
      { list_id: list.list_id, members_removed: members },
      `Deleted the list ${postingAddress(list)} and its ${members} memberships.`,
    );
  },
};
