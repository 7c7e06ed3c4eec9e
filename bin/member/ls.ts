import type { Member, Role } from '../../lib/members/member.ts';
import { memberLine } from '../../lib/members/member-fields.ts';
import type { Store } from '../../lib/store/store.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { roleFrom, roleOption } from './role.ts';

const membersOf = async function* (store: Store, listId: string, role: Role): AsyncIterable<Member> {
  for await (const page of store.members.pages(listId, role)) yield* page;
};

/** `member ls` */
export const verb: Verb = {
  summary: 'Name the members of a list.',
  usage: 'LIST',
  details: 'Members are sorted by address, one a line, in the form that member add reads.',
  examples: [
    ['member ls ant@example.com', 'Name the members.'],
    ['member ls ant@example.com --role owner', 'Name the owners.'],
  ],
  options: { role: roleOption },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const role = roleFrom(options);
    const { store } = await connect();
    const list = await findList(store, name);
    await out.items(membersOf(store, list.list_id, role), memberLine, `${name} has no ${role}s.`);
  },
};
