import type { Member } from '../../lib/members/member.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';

const forMachines = (member: Member) => ({
  email: member.email,
  member_id: member.member_id,
  bounce_score: member.bounce_score ?? 0,
  bouncing_since: member.bouncing_since ?? null,
  last_bounce_received: member.last_bounce_received ?? null,
  why: member.bounce_why ?? null,
  disabled: member.delivery_status === 'by_bounces',
  total_warnings_sent: member.total_warnings_sent ?? 0,
  last_warning_sent: member.last_warning_sent ?? null,
});

type Shown = ReturnType<typeof forMachines>;

const stateOf = ({ disabled, total_warnings_sent: sent, bounce_score }: Shown): string => {
  if (!disabled) return `score ${bounce_score}`;
  return sent === 0 ? 'disabled' : `disabled, ${sent} ${sent === 1 ? 'warning' : 'warnings'}`;
};

const line = (shown: Shown): string =>
  [
    shown.email,
    stateOf(shown),
    ...(shown.bouncing_since === null ? [] : [`since ${shown.bouncing_since.slice(0, 10)}`]),
    ...(shown.why === null ? [] : [shown.why]),
  ].join('  ');

/** `bounce ls` */
export const verb: Verb = {
  summary: 'List the members of a list whose mail comes back: since when, and why.',
  usage: 'LIST',
  details:
    'Members with a bounce score, and those whose delivery bounces have disabled, by address. Who was disabled by hand appears within a day. It reads those alone, and not the whole list.',
  examples: [
    ['bounce ls ant@example.com', 'List the members of a list whose mail comes back.'],
    [
      'member set ant@example.com a@example.org delivery_status=enabled',
      'Send posts again, with a score of 0.',
    ],
  ],
  options: {},
  run: async ({ args, out, connect }) => {
    const [named = ''] = exactly(args, 'LIST');
    const { store } = await connect();
    const list = await findList(store, named);
    const found = async function* () {
      for await (const page of store.bounces.ls(list.list_id, new Date())) yield* page.map(forMachines);
    };
    await out.items(found(), line, `No mail of ${named} comes back.`);
  },
};
