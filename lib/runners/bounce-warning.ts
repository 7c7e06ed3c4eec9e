import { dueWarning } from '../bounces/due-warning.ts';
import type { MailingList } from '../lists/list.ts';
import type { Member } from '../members/member.ts';
import { formerOf, rememberedUntil } from '../members/rejoin.ts';
import { tellRemoval } from '../notices/bounce-owner.ts';
import { sendBounceWarning } from '../notices/bounce-warning.ts';
import { sendGoodbye } from '../notices/goodbye.ts';
import type { BounceWarningMessage } from '../queue/messages.ts';
import type { BouncePorts } from './bounce-ports.ts';

const pointed = 400 * 86_400_000;

/** The member with this warning committed, now or before; undefined when something else is due by now. */
const commit = async (
  { id, email, member_id, number, at }: BounceWarningMessage,
  list: MailingList,
  { store }: BouncePorts,
): Promise<Member | undefined> => {
  for (;;) {
    const member = await store.members.get(list.list_id, 'member', email);
    if (member?.member_id !== member_id || member.delivery_status !== 'by_bounces') return undefined;
    if (member.warning_event === id) return member;
    const due = dueWarning(member, list.settings, new Date(at));
    if (due?.number !== number) return undefined;
    const changed = await store.bounces.change(member, {
      total_warnings_sent: number,
      last_warning_sent: at,
      warning_event: id,
      warning_step: due.last ? 'removed' : 'warned',
    });
    if (changed !== undefined) return changed;
  }
};

/**
 * Warns a member whose delivery bounces have disabled, or takes the member off the list after the last warning (mailman-behaviour.md, section 13.3). One
 * conditional write on the member commits either; the removal itself comes last, so that whoever repeats it finds the member until all have been
 * told.
 */
export const runBounceWarning = async (message: BounceWarningMessage, ports: BouncePorts): Promise<void> => {
  const { store } = ports;
  const list = await store.lists.uncounted(message.listid);
  const member = list === undefined ? undefined : await commit(message, list, ports);
  if (list === undefined || member === undefined) return;
  const at = new Date(message.at);
  // Who was disabled by hand was found by reading the whole list, once a day; from now on, like the others.
  await store.bounces.point(list.list_id, member.email, new Date(at.getTime() + pointed));
  const news = { cause: message.id, list, member, at };
  if (member.warning_step !== 'removed') return sendBounceWarning(news, ports);
  const { email, display_name } = member;
  if (list.settings.send_goodbye_message) {
    await sendGoodbye({ email, display_name, cause: message.id, changed_at: message.at }, list, ports);
  }
  await tellRemoval(news, ports);
  await store.members.former.put(formerOf(member, at), rememberedUntil(at));
  await store.bounces.remove(member, 'disabled');
};
