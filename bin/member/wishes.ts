import { deliveryModes, deliveryStatuses, moderationActions } from '../../lib/members/member.ts';
import type { Said } from '../../lib/members/wanted-member.ts';
import { UsageError } from '../cli/errors.ts';
import type { Option, OptionValues } from '../cli/verb.ts';

/** The options by which something is said of everybody whom a file names. */
export const saidOptions = {
  mode: { takes: 'MODE', doc: `How posts come: ${deliveryModes.join(', ')} (regular unless given).` },
  status: {
    takes: 'STATUS',
    doc: `Whether posts come, or who stopped them: ${deliveryStatuses.join(', ')} (enabled unless given).`,
  },
  action: {
    takes: 'ACTION',
    doc: `What happens to their posts: ${moderationActions.join(', ')} (as the list says unless given).`,
  },
} as const satisfies Readonly<Record<string, Option>>;

const oneOf = <T extends string>(
  options: OptionValues,
  name: string,
  called: string,
  known: readonly T[],
): T | undefined => {
  const given = options.text(name);
  const found = known.find((one) => one === given);
  if (given !== undefined && found === undefined) {
    throw new UsageError(`"${given}" is not a ${called}; there is ${known.join(', ')}`);
  }
  return found;
};

/** What was said of everybody. */
export const saidFrom = (options: OptionValues): Said => {
  const delivery_mode = oneOf(options, 'mode', 'delivery mode', deliveryModes);
  const delivery_status = oneOf(options, 'status', 'delivery status', deliveryStatuses);
  const moderation_action = oneOf(options, 'action', 'moderation action', moderationActions);
  return {
    ...(delivery_mode === undefined ? {} : { delivery_mode }),
    ...(delivery_status === undefined ? {} : { delivery_status }),
    ...(moderation_action === undefined ? {} : { moderation_action }),
  };
};

/**
 * Those who are greeted join by the workflow of subscriptions, as anybody does.
 * @throws UsageError for what nobody who joins can say.
 */
export const refuseGreetingWith = (options: OptionValues): void => {
  if (!options.flag('welcome')) return;
  for (const name of ['status', 'action']) {
    if (options.text(name) !== undefined) throw new UsageError(`--${name} does not go with --welcome`);
  }
};
