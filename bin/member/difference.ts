import type { Member } from '../../lib/members/member.ts';
import { memberLine } from '../../lib/members/member-fields.ts';
import type { ChangePlan, MemberChange } from '../../lib/members/plan-change.ts';
import { settingText } from '../list/setting-text.ts';

const changeText = ({ member, changes }: MemberChange): string => {
  const before: Readonly<Record<string, unknown>> = member;
  const each = Object.entries(changes).map(
    ([name, value]) => `${name}: ${settingText(before[name] ?? null)} -> ${settingText(value)}`,
  );
  return `~ ${memberLine(member)}  ${each.join(', ')}`;
};

const firstOf = <T>(items: readonly T[], shown: number, text: (item: T) => string): readonly string[] => [
  ...items.slice(0, shown).map(text),
  ...(items.length > shown ? [`  and ${items.length - shown} more`] : []),
];

const asRole = ({ role }: Pick<Member, 'role'>): string => (role === 'member' ? '' : `  (${role})`);

/** What a plan adds, changes and removes, a line each, of each the first ones. */
export const difference = (
  { add, change, remove }: Pick<ChangePlan, 'add' | 'change' | 'remove'>,
  shown: number,
): readonly string[] => [
  ...firstOf(add, shown, (one) => `+ ${memberLine(one)}${asRole(one)}`),
  ...firstOf(change, shown, (one) => `${changeText(one)}${asRole(one.member)}`),
  ...firstOf(remove, shown, (one) => `- ${memberLine(one)}${asRole(one)}`),
];

/** The same for machines: all of it. */
export const differenceValue = ({
  add,
  change,
  remove,
}: Pick<ChangePlan, 'add' | 'change' | 'remove'>): unknown => ({
  added: add.map(({ role, email, display_name, said }) => ({ role, email, display_name, ...said })),
  changed: change.map(({ member: { role, email }, changes }) => ({ role, email, changes })),
  removed: remove.map(({ role, email, display_name }) => ({ role, email, display_name })),
});
