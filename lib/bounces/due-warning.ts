import type { ListSettings } from '../lists/settings.ts';
import type { Member } from '../members/member.ts';

/** What is due with a member whose delivery bounces have disabled: the warning of a number, or after the last one the end. */
export interface DueWarning {
  readonly number: number;
  readonly last: boolean;
}

/**
 * What is due now (mailman-behaviour.md, section 13.3): the first warning at once, each other one an interval after it, and an interval after the
 * last the member is removed; at once when there are to be no warnings.
 */
export const dueWarning = (
  member: Pick<Member, 'delivery_status' | 'last_warning_sent' | 'total_warnings_sent'>,
  settings: Pick<
    ListSettings,
    'process_bounces' | 'bounce_you_are_disabled_warnings' | 'bounce_you_are_disabled_warnings_interval'
  >,
  now: Date,
): DueWarning | undefined => {
  if (!settings.process_bounces || member.delivery_status !== 'by_bounces') return undefined;
  const sent = member.total_warnings_sent ?? 0;
  const most = settings.bounce_you_are_disabled_warnings;
  const { last_warning_sent: last } = member;
  const interval = settings.bounce_you_are_disabled_warnings_interval * 1000;
  const passed = last === undefined || Date.parse(last) + interval <= now.getTime();
  if (sent < most) return passed ? { number: sent + 1, last: false } : undefined;
  return passed || most === 0 ? { number: sent + 1, last: true } : undefined;
};
