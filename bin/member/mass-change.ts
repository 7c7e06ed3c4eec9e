import type { MailingList } from '../../lib/lists/list.ts';
import { postingAddress } from '../../lib/lists/list.ts';
import { type ChangesDone, carryOut } from '../../lib/members/carry-out.ts';
import type { ChangeMembersContext, PlannedChange } from '../../lib/members/change-members.ts';
import type { Member } from '../../lib/members/member.ts';
import { memberLine } from '../../lib/members/member-fields.ts';
import type { ChangePlan, MemberChange } from '../../lib/members/plan-change.ts';
import { UsageError } from '../cli/errors.ts';
import type { Output } from '../cli/output.ts';
import { everyThousand } from '../cli/progress.ts';
import type { Option, OptionValues } from '../cli/verb.ts';
import { settingText } from '../list/setting-text.ts';

/** The options of every verb that changes many members. */
export const massOptions = {
  'dry-run': { doc: 'Change nothing; print what would be added (+), changed (~) and removed (-).' },
  show: {
    takes: 'N',
    doc: 'With --dry-run: how many of each are printed (20 unless given); --json has all.',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** The option by which who is there already is changed as well. */
export const updateOption: Option = {
  doc: 'Give who is there already what the file says (they stay as they are unless given).',
};

/** How many of each a dry run prints. */
export const shownFrom = (options: OptionValues): number => {
  const given = options.text('show') ?? '20';
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`"${given}" is not a number`);
  return Number(given);
};

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

const changeText = ({ member, changes }: MemberChange): string => {
  const before: Readonly<Record<string, unknown>> = member;
  const each = Object.entries(changes).map(
    ([name, value]) => `${name}: ${settingText(before[name] ?? null)} -> ${settingText(value)}`,
  );
  return `~ ${memberLine(member)}  ${each.join(', ')}`;
};

/** The first of many, a line each, and how many more there are. */
export const firstOf = <T>(
  items: readonly T[],
  shown: number,
  text: (item: T) => string,
): readonly string[] => [
  ...items.slice(0, shown).map(text),
  ...(items.length > shown ? [`  and ${items.length - shown} more`] : []),
];

const asRole = ({ role }: Pick<Member, 'role'>): string => (role === 'member' ? '' : `  (${role})`);

const difference = ({ add, change, remove }: ChangePlan, shown: number): readonly string[] => [
  ...firstOf(add, shown, (one) => `+ ${memberLine(one)}${asRole(one)}`),
  ...firstOf(change, shown, (one) => `${changeText(one)}${asRole(one.member)}`),
  ...firstOf(remove, shown, (one) => `- ${memberLine(one)}${asRole(one)}`),
];

/** The same for machines: all of it. */
const differenceValue = ({ add, change, remove }: ChangePlan): unknown => ({
  added: add.map(({ role, email, display_name, said }) => ({ role, email, display_name, ...said })),
  changed: change.map(({ member: { role, email }, changes }) => ({ role, email, changes })),
  removed: remove.map(({ role, email, display_name }) => ({ role, email, display_name })),
});

const sentences = (
  list: MailingList,
  { plan, invalid, duplicates }: PlannedChange,
  { added, changed, removed }: ChangesDone,
  { role, dry, updates }: { readonly role: string; readonly dry: boolean; readonly updates: boolean },
): string => {
  const where = postingAddress(list);
  const already = plan.already + plan.add.length - added;
  const lines = duplicates.slice(0, 10).map(({ line }) => String(line));
  return [
    `${dry ? 'Would add' : 'Added'} ${counted(plan.add, added, role)} to ${where}.`,
    ...(updates ? [`${dry ? 'Would change' : 'Changed'} ${changed}.`] : []),
    ...(plan.remove.length > 0
      ? [`${dry ? 'Would remove' : 'Removed'} ${counted(plan.remove, removed, role)}.`]
      : []),
    ...(already > 0 ? [`${already} had that role already.`] : []),
    ...(plan.differing > 0
      ? [
          `${plan.differing} of them ${plan.differing === 1 ? 'differs' : 'differ'} from what is given; --update takes that over.`,
        ]
      : []),
    ...(duplicates.length > 0
      ? [
          `${duplicates.length} stood there twice (line ${lines.join(', ')}${duplicates.length > 10 ? ', ...' : ''}); the first line counts.`,
        ]
      : []),
    ...(invalid.length > 0 ? [`${invalid.length} could not be added.`] : []),
  ].join(' ');
};

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

/** Carries a planned change out, unless it is only to be shown, and tells what came of it. */
export const runMassChange = async (
  { list, planned, called, role, updates, more = {}, notes = [] }: MassChange,
  context: ChangeMembersContext,
  options: OptionValues,
  out: Output,
): Promise<void> => {
  const dry = options.flag('dry-run');
  const shown = shownFrom(options);
  const { plan, invalid, duplicates } = planned;
  const progress = everyThousand(
    out,
    (count) => `${count} of ${plan.add.length + plan.change.length + plan.remove.length} done`,
  );
  const done = dry
    ? { added: plan.add.length, changed: plan.change.length, removed: plan.remove.length }
    : await carryOut(list, plan, context, progress.step);
  progress.end();
  for (const { line, reason } of invalid) out.problem(`${called} ${line}: ${reason}`);
  out.result(
    {
      list_id: list.list_id,
      ...more,
      dry_run: dry,
      ...done,
      already: plan.already + plan.add.length - done.added,
      differing: plan.differing,
      invalid,
      duplicates,
      ...(dry ? { difference: differenceValue(plan) } : {}),
    },
    [
      ...(dry ? difference(plan, shown) : []),
      sentences(list, planned, done, { role, dry, updates }),
      ...notes,
    ].join('\n'),
  );
};
