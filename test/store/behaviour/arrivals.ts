import { expect, it } from 'vitest';
import type { Arrival } from '../../../lib/posts/mail-record.ts';
import type { Store } from '../../../lib/store/store.ts';

const day = 86_400_000;
const now = Date.now();
const at = (ms: number): Date => new Date(now + ms);

const arrival = (digest: string, id: string, first: Date = at(0)): Arrival => ({
  digest,
  id,
  list_id: 'ant.example.com',
  blob: `arrived/${id}`,
  first_at: first.toISOString(),
  repeats: 0,
});

/** What the store promises of what the door remembers. */
export const arrivalsBehave = (store: () => Store): void => {
  it('notes an arrival once, and tells a repetition of the first', async () => {
    const { arrivals } = store();
    expect(await arrivals.note(arrival('d1', 'first'), at(7 * day))).toBeUndefined();
    expect(await arrivals.note(arrival('d1', 'second', at(day)), at(8 * day))).toEqual(
      arrival('d1', 'first'),
    );
    expect(await arrivals.get('d1')).toEqual(arrival('d1', 'first'));
    expect(await arrivals.get('d0')).toBeUndefined();
  });

  it('lets one of many at once be the first, and tells the others of it', async () => {
    const { arrivals } = store();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => arrivals.note(arrival('d2', `copy ${n}`), at(7 * day))),
    );
    const first = await arrivals.get('d2');
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    expect(answers.filter((answer) => answer !== undefined)).toEqual(Array.from({ length: 9 }, () => first));
  });

  it('counts repetitions, and refuses to count what never came', async () => {
    const { arrivals } = store();
    await arrivals.note(arrival('d3', 'first'), at(7 * day));
    await arrivals.countRepeat('d3');
    await arrivals.countRepeat('d3');
    expect(await arrivals.get('d3')).toEqual({ ...arrival('d3', 'first'), repeats: 2 });
    await expect(arrivals.countRepeat('never')).rejects.toThrow();
    expect(await arrivals.get('never')).toBeUndefined();
  });

  it('forgets at the date that was set, even while the item is still there', async () => {
    const { arrivals } = store();
    await arrivals.note(arrival('d4', 'first', at(-8 * day)), at(-day));
    expect(await arrivals.note(arrival('d4', 'second'), at(7 * day))).toBeUndefined();
    expect(await arrivals.get('d4')).toEqual(arrival('d4', 'second'));
  });
};
