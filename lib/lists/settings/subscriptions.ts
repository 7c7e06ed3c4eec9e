import { flag, oneOf } from '../../settings/setting.ts';

const policies = ['open', 'confirm', 'moderate', 'confirm_then_moderate'] as const;

/** How people join and leave. */
export const subscriptionSettings = {
  subscription_policy: oneOf(
    policies,
    'confirm',
    'What joining needs: nothing, a confirmation by the address, a moderator, or both. An address that was never verified confirms in any case.',
  ),
  unsubscription_policy: oneOf(
    policies,
    'confirm',
    'What leaving needs, in the same words. That nobody can be taken off a list by a stranger is why it is not open.',
  ),
  send_welcome_message: flag(true, 'Whether new members are greeted by mail.'),
  send_goodbye_message: flag(true, 'Whether members who leave get a mail about it.'),
  admin_notify_mchanges: flag(false, 'Whether the owners are told who joins and who leaves.'),
} as const;
