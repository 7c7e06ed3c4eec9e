import type { DayNote } from '../bounces/bounce-store.ts';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import { summariseBlocked, summariseUnrecognised } from '../notices/unrecognised-bounce.ts';
import type { BounceSummaryMessage } from '../queue/messages.ts';
import type { BouncePorts } from './bounce-ports.ts';

// What a person reads; the rest is a number.
const mostLines = 50;

/** A great list that is blocked has tens of thousands of notes: one after the other they would outlast the function. */
const dropsAtOnce = 25;

/** The notes as lines; those that say the same are one line with a number. */
const linesOf = (notes: readonly DayNote[]): string => {
  const counts = new Map<string, number>();
  for (const { line } of notes) counts.set(line, (counts.get(line) ?? 0) + 1);
  const lines = [...counts]
    .sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
    .map(([line, count]) => (count === 1 ? `    ${line}` : `    ${line} (${count} times)`));
  const left = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...(left > 0 ? [`    and ${left} more`] : [])].join('\n');
};

/** The id of the mark that a day has been told; it sorts behind all others, so that it is the last to go. */
const told = '~told';

/** How long a mark stays if nobody comes to take it away. */
const marked = 30 * 86_400_000;

/**
 * Tells the owners of a list what they hear of once a day. When the notice is sent that is marked, and then the notes go: whoever repeats it either finds
 * all notes, and writes the same notice, or the mark, and tells nothing.
 */
export const runBounceSummary = async (message: BounceSummaryMessage, ports: BouncePorts): Promise<void> => {
  const { id, listid, day, kind } = message;
  const list = await ports.store.lists.uncounted(listid);
  const all: DayNote[] = [];
  for await (const note of ports.store.bounces.notesOf(listid, day, kind)) all.push(note);
  if (all.length === 0) return;
  const notes = all.filter((note) => note.id !== told);
  const isTold = notes.length < all.length;
  const [first] = notes;
  if (list !== undefined && first !== undefined && !isTold) {
    const at = new Date(Date.parse(`${day}T00:00:00.000Z`) + 86_400_000);
    const summary = { cause: `${id} ${first.id}`, list, day, count: notes.length, lines: linesOf(notes), at };
    await (kind === 'blocked' ? summariseBlocked(summary, ports) : summariseUnrecognised(summary, ports));
    const mark: DayNote = { list_id: listid, day, kind, id: told, line: '' };
    await ports.store.bounces.note(mark, new Date(at.getTime() + marked));
  }
  await forEachAtOnce(notes, dropsAtOnce, ports.store.bounces.dropNote);
  await ports.store.bounces.dropNote({ list_id: listid, day, kind, id: told, line: '' });
};
