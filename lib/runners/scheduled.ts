import type { Clock } from '../clock/clock.ts';
import { isOutage } from '../errors/outage.ts';
import { expired, type HeldMail } from '../held/held-mail.ts';
import { wishAbout } from '../held/wish-about.ts';
import type { MailingList } from '../lists/list.ts';
import type { ModerationMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { bounceRound } from './bounce-round.ts';

/** What happens by the clock, and what it needs of the world. */
export interface ScheduledPorts {
  readonly store: Pick<Store, 'lists' | 'held' | 'bounces'>;
  readonly queues: Queues;
  readonly clock: Clock;
}

const day = 86_400_000;

/** The wish that nobody has: the same for each run, so that it is one wish however often it is sent. */
const endHold = (held: HeldMail): ModerationMessage =>
  wishAbout(held, { wish: expired, deed: 'discard', by: expired });

/**
 * The holds of a list that are over. They are read in the order of their numbers, which is that of their times but for
 * minutes, and no further than to the first that is not over: a hold that this passes over ends an hour later.
 */
const overIn = async (
  { list_id, settings }: MailingList,
  { store, clock }: ScheduledPorts,
): Promise<readonly HeldMail[]> => {
  const over: HeldMail[] = [];
  if (settings.max_days_to_hold === 0) return over;
  const before = clock.now().getTime() - settings.max_days_to_hold * day;
  for await (const held of store.held.ls(list_id)) {
    if (Date.parse(held.hold_date) > before) break;
    over.push(held);
  }
  return over;
};

/** Does what is due with one list. */
const strikeFor = async (list: MailingList, ports: ScheduledPorts): Promise<void> => {
  const over = await overIn(list, ports);
  if (over.length > 0) await ports.queues.send(over.map(endHold));
  await bounceRound(list, ports);
};

/**
 * Ends the holds that are older than their list wants (`max_days_to_hold`; 0: for ever). It only wishes it: the function command
 * makes the one decision on each mail, so that a moderator who acts at the same moment is not overruled (design, rule 13). What is due with
 * bounces it wishes of the function bounce. A defect with one list does not keep the others waiting.
 * @throws when there was one, which rings, or an outage, which ends it at once.
 */
export const runScheduled = async (ports: ScheduledPorts): Promise<void> => {
  const defects: Error[] = [];
  for await (const list of ports.store.lists.ls()) {
    try {
      await strikeFor(list, ports);
    } catch (cause) {
      if (isOutage(cause)) throw cause;
      defects.push(new Error(`What is due with the list ${list.list_id} cannot be found`, { cause }));
    }
  }
  const [first, ...others] = defects;
  if (others.length > 0) throw new AggregateError(defects, defects.map(({ message }) => message).join('; '));
  if (first !== undefined) throw first;
};
