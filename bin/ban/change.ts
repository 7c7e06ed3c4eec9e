import { BanError, readBan } from '../../lib/bans/bans.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import type { Call } from '../cli/verb.ts';
import { findWhere, whereOf } from './where.ts';

const readEntry = (written: string): string => {
  try {
    return readBan(written);
  } catch (error) {
    throw error instanceof BanError ? new CommandError(error.message) : error;
  }
};

/** How a change of bans is told. */
export interface ChangeWords {
  /** What was done, such as `Banned`; what follows is the ban, this, and where. */
  readonly done: string;
  readonly preposition: string;
  /** What to say of a ban that is so already. */
  readonly already: string;
}

/** Adds or removes bans. All are read before any is changed. */
export const changeBans = async (
  { args, options, out, connect }: Call,
  verb: 'add' | 'remove',
  { done, preposition, already }: ChangeWords,
): Promise<void> => {
  const { name, rest } = whereOf(args, options);
  if (rest.length === 0) throw new UsageError('ADDRESS is missing');
  // What cannot be a ban any more can still be taken away.
  const entries = rest.map((entry) => (verb === 'add' ? readEntry(entry) : entry.trim()));
  const { store } = await connect();
  const { listId, words } = await findWhere(store, name);
  const changed: string[] = [];
  for (const entry of entries) {
    const kept = verb === 'remove' && !entry.startsWith('^') ? entry.toLowerCase() : entry;
    if (await store.bans[verb](listId, kept)) changed.push(kept);
    else out.problem(`${kept} ${already} ${preposition} ${words}`);
  }
  out.result(
    { list_id: listId, [verb === 'add' ? 'banned' : 'removed']: changed },
    changed.map((entry) => `${done} ${entry} ${preposition} ${words}.`).join('\n'),
  );
};
