import { userInfo } from 'node:os';
import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import { UsageError } from '../cli/errors.ts';
import type { Option, OptionValues } from '../cli/verb.ts';

/** The option that says who acts. */
export const asOption: Option = {
  takes: 'ADDRESS',
  doc: 'Who decides, as others will read it (your login name unless given).',
};

/** Who acts: what `--as` says, or the login name. */
export const moderatorFrom = (options: OptionValues): string => {
  const given = options.text('as');
  if (given === undefined) return userInfo().username;
  if (parseEmailAddress(given) === undefined) throw new UsageError(`--as ${given} is not an e-mail address`);
  return given;
};
