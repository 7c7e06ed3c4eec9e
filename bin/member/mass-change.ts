import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import { carryOut } from '../../lib/members/carry-out.ts';
import type { PlannedChange } from '../../lib/members/change-members.ts';
import type { Member } from '../../lib/members/member.ts';
import type { ChangePlan } from '../../lib/members/plan-change.ts';
import { sendWishes, splitChange } from '../../lib/members/with-mail.ts';
import type { Output } from '../cli/output.ts';
import { everyThousand } from '../cli/progress.ts';
import type { OptionValues } from '../cli/verb.ts';
import type { Connection } from '../connection/connection.ts';
import { difference, differenceValue } from './difference.ts';
import { shownFrom } from './mass-options.ts';

/** One mass change, as a verb has it. */
export interface MassChange {
  readonly list: MailingList;
  readonly planned: PlannedChange;
  /** What the lines of the input are called when one is wrong. */
  readonly called: string;
  /** The role that is meant when nobody has one. */
  readonly role: string;
  readonly updates: boolean;
  /** What else is told to machines. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Sentences that people are told as well. */
  readonly notes?: readonly string[];
}

/** What was done, or would be. */
interface Done {
  readonly dry_run: boolean;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** How many are added and removed by the function `command`, which writes to them. */
  readonly on_the_way: number;
  readonly already: number;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `3 members`, or `4 memberships (3 members, 1 owner)` when they are of several roles. */
const counted = (memberships: readonly Pick<Member, 'role'>[], count: number, role: string): string => {
  const roles = new Map<string, number>();
  for (const one of memberships) roles.set(one.role, (roles.get(one.role) ?? 0) + 1);
  const [only = role] = roles.keys();
  if (roles.size < 2) return plural(count, only);
  const each = [...roles].map(([name, number]) => plural(number, name)).join(', ');
  return `${plural(count, 'membership')} (${each})`;
};

const sentences = (
  { list, planned, role, updates }: MassChange,
  { add, remove, differing }: ChangePlan,
  { dry_run: dry, added, changed, removed, on_the_way, already }: Done,
): string => {
  const { duplicates, invalid } = planned;
  const lines = duplicates.slice(0, 10).map(({ line }) => String(line));
  const more = duplicates.length > lines.length ? ', ...' : '';
  return [
    `${dry ? 'Would add' : 'Added'} ${counted(add, added, role)} to ${postingAddress(list)}.`,
    ...(updates ? [`${dry ? 'Would change' : 'Changed'} ${changed}.`] : []),
    ...(remove.length > 0 ? [`${dry ? 'Would remove' : 'Removed'} ${counted(remove, removed, role)}.`] : []),
    ...(on_the_way > 0
      ? [`${on_the_way} ${on_the_way === 1 ? 'is' : 'are'} on the way, with a mail to each.`]
      : []),
    ...(already > 0 ? [`${already} had that role already.`] : []),
    ...(differing > 0
      ? [
          `${differing} of them ${differing === 1 ? 'differs' : 'differ'} from what is given; --update takes that over.`,
        ]
      : []),
    ...(duplicates.length > 0
      ? [`${duplicates.length} stood there twice (line ${lines.join(', ')}${more}); the first line counts.`]
      : []),
    ...(invalid.length > 0 ? [`${invalid.length} could not be added.`] : []),
  ].join(' ');
};

const perform = async (
  list: MailingList,
  planned: ChangePlan,
  connection: Connection,
  options: OptionValues,
  out: Output,
): Promise<{ readonly plan: ChangePlan; readonly done: Done }> => {
  const mailed = { welcome: options.flag('welcome'), goodbye: options.flag('goodbye'), by: 'command line' };
  const { plan, wishes } = splitChange(list, planned, mailed, connection.clock.now());
  const of = plan.add.length + plan.change.length + plan.remove.length;
  const doing = everyThousand(out, (count) => `${count} of ${of} done`);
  const done = await carryOut(list, plan, connection, doing.step);
  doing.end();
  if (wishes.length > 0) {
    const sending = everyThousand(out, (count) => `${count} of ${wishes.length} on the way`);
    await sendWishes(wishes, await connection.queues(), sending.step);
    sending.end();
  }
  // Somebody else added those in between.
  const already = plan.already + plan.add.length - done.added;
  return { plan, done: { ...done, dry_run: false, on_the_way: wishes.length, already } };
};

/** Carries a planned change out, unless it is only to be shown, and tells what came of it. */
export const runMassChange = async (
  change: MassChange,
  connection: Connection,
  options: OptionValues,
  out: Output,
): Promise<void> => {
  const { list, planned, called, more = {}, notes = [] } = change;
  const shown = shownFrom(options);
  const dry = options.flag('dry-run');
  const { add, change: changes, remove, already } = planned.plan;
  const { plan, done } = dry
    ? {
        plan: planned.plan,
        done: {
          dry_run: true,
          added: add.length,
          changed: changes.length,
          removed: remove.length,
          on_the_way: 0,
          already,
        },
      }
    : await perform(list, planned.plan, connection, options, out);
  for (const { line, reason } of planned.invalid) out.problem(`${called} ${line}: ${reason}`);
  out.result(
    {
      list_id: list.list_id,
      ...more,
      ...done,
      differing: plan.differing,
      invalid: planned.invalid,
      duplicates: planned.duplicates,
      ...(dry ? { difference: differenceValue(plan) } : {}),
    },
    [...(dry ? difference(plan, shown) : []), sentences(change, plan, done), ...notes].join('\n'),
  );
};
