import { type Role, roles } from '../../lib/members/member.ts';
import { UsageError } from '../cli/errors.ts';
import type { Option, OptionValues } from '../cli/verb.ts';

/** The option by which one role of several is meant. */
export const roleOption: Option = {
  takes: 'ROLE',
  doc: 'member, owner, moderator or nonmember (member unless given).',
};

/** The role that was meant. */
export const roleFrom = (options: OptionValues): Role => {
  const given = options.text('role') ?? 'member';
  const role = roles.find((one) => one === given);
  if (role === undefined) throw new UsageError(`"${given}" is not a role; there is ${roles.join(', ')}`);
  return role;
};
