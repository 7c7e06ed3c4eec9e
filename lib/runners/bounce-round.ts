import { createHash } from 'node:crypto';
import { dueWarning } from '../bounces/due-warning.ts';
import { dayOf } from '../bounces/next-step.ts';
import type { Clock } from '../clock/clock.ts';
import type { MailingList } from '../lists/list.ts';
import type { Member } from '../members/member.ts';
import type { BounceSummaryMessage, BounceWarningMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';

/** What the round through the lists needs of the world. */
export interface BounceRoundPorts {
  readonly store: Pick<Store, 'bounces'>;
  readonly queues: Queues;
  readonly clock: Clock;
}

/** In this hour of a day (UTC) whole lists are read, for those whom a person, an import or a page has disabled in the name of bounces. */
const wholeListHour = 3;

/** What arrived before midnight may wait on the queue for a while. */
const afterMidnight = 2 * 3_600_000;

const warning = ({ list_id, email, member_id }: Member, number: number, now: Date): BounceWarningMessage => {
  const at = now.toISOString();
  const id = createHash('sha256')
    .update(JSON.stringify(['bounce-warning', list_id, member_id, number, at]))
    .digest('hex')
    .slice(0, 32);
  return {
    v: 1,
    type: 'bounce-warning',
    queue: 'bounces',
    id,
    listid: list_id,
    email,
    member_id,
    number,
    at,
  };
};

const warningsIn = async (
  { list_id, settings }: MailingList,
  { store, queues, clock }: BounceRoundPorts,
): Promise<void> => {
  if (!settings.process_bounces) return;
  const now = clock.now();
  const pages =
    now.getUTCHours() === wholeListHour ? store.bounces.allDisabled(list_id) : store.bounces.ls(list_id, now);
  for await (const page of pages) {
    const due = page.flatMap((member) => {
      const next = dueWarning(member, settings, now);
      return next === undefined ? [] : [warning(member, next.number, now)];
    });
    if (due.length > 0) await queues.send(due);
  }
};

const summariesIn = async (
  { list_id }: MailingList,
  { store, queues, clock }: BounceRoundPorts,
): Promise<void> => {
  const found = new Map<string, BounceSummaryMessage>();
  const over = new Date(clock.now().getTime() - afterMidnight);
  for await (const { day, kind } of store.bounces.notesBefore(list_id, dayOf(over.toISOString()))) {
    const id = `bounce-summary ${list_id} ${day} ${kind}`;
    found.set(id, { v: 1, type: 'bounce-summary', queue: 'bounces', id, listid: list_id, day, kind });
  }
  if (found.size > 0) await queues.send([...found.values()]);
};

/**
 * Finds what is due with the bounces of a list (mailman-behaviour.md, section 13.3): warnings, removals, and what is told once a day. It only asks for
 * it: the function bounce does it, with one commit for each (design, rule 13).
 */
export const bounceRound = async (list: MailingList, ports: BounceRoundPorts): Promise<void> => {
  await warningsIn(list, ports);
  await summariesIn(list, ports);
};
