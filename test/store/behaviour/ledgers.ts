import { expect, it } from 'vitest';
import type { Ledger } from '../../../lib/delivery/ledger.ts';
import { emptyBitmap, openStates, stateAt, withState } from '../../../lib/delivery/ledger-states.ts';
import type { Store } from '../../../lib/store/store.ts';

const fresh = (chunk: number, over: Partial<Ledger> = {}): Ledger => ({
  id: 'post',
  list_id: 'ant.example.com',
  roster: 'r1',
  chunk,
  size: 5,
  owner: '',
  epoch: 0,
  lease_end: 0,
  attempt: 0,
  done: false,
  give_up: 9999,
  expires: 4e9,
  states: openStates(5),
  codes: {},
  reported: emptyBitmap(5),
  possibly_doubled: 0,
  ...over,
});

const at = (ms: number) => new Date(ms);
const bitmap = (index: number) => Uint8Array.of(1 << index);

/** What the store promises of ledgers. */
export const ledgersBehave = (store: () => Pick<Store, 'ledgers'>): void => {
  const claim = (chunk: number, attempt: number, now: number, end: number, owner = 'a') =>
    store().ledgers.claim({
      id: 'post',
      roster: 'r1',
      chunk,
      attempt,
      owner,
      now: at(now),
      leaseEnd: at(end),
      period: 60,
    });

  it('gives a free chunk to whoever claims it first, and leaves a held one alone', async () => {
    await store().ledgers.open([fresh(0)]);
    const first = await claim(0, 0, 1000, 5000);
    expect(first).toMatchObject({ kind: 'claimed', lapsed: false, ledger: { epoch: 1, owner: 'a' } });
    expect(await claim(0, 0, 2000, 6000, 'b')).toEqual({ kind: 'held', until: at(5000) });
  });

  it('gives a chunk whose lease ran out to the next, who learns that a transaction may have been open', async () => {
    await store().ledgers.open([fresh(1)]);
    const first = await claim(1, 0, 1000, 5000);
    const second = await claim(1, 0, 5001, 9000, 'b');
    expect(second).toMatchObject({ kind: 'claimed', lapsed: true, ledger: { epoch: 2, owner: 'b' } });
    // The first holder wakes up: its verdicts are refused, so that it stops.
    if (first.kind !== 'claimed') throw new Error('not claimed');
    const late = { ...first.ledger, states: withState(first.ledger.states, 0, 'delivered') };
    expect(await store().ledgers.write(first.ledger, { ...late })).toBe(false);
  });

  it('keeps states and codes, and answers "over" once the attempt has moved on', async () => {
    await store().ledgers.open([fresh(2)]);
    const claimed = await claim(2, 0, 1000, 5000);
    if (claimed.kind !== 'claimed') throw new Error('not claimed');
    const states = withState(withState(claimed.ledger.states, 3, 'deferred'), 4, 'delivered');
    const codes = { '451 4.3.0': bitmap(3) };
    expect(
      await store().ledgers.write(claimed.ledger, {
        states,
        codes,
        reported: bitmap(1),
        possibly_doubled: 0,
        attempt: 1,
        done: false,
        lease_end: 0,
      }),
    ).toBe(true);
    expect(await claim(2, 0, 6000, 9000)).toEqual({ kind: 'over' });
    expect(await claim(2, 2, 6000, 9000)).toMatchObject({ kind: 'held' });
    expect(await claim(2, 1, 6000, 9000)).toMatchObject({ kind: 'claimed', lapsed: false });
    const kept = await store().ledgers.get('post', 'r1', 2);
    expect(Buffer.from(kept?.states ?? [])).toEqual(Buffer.from(states));
    expect(kept?.codes).toHaveProperty(['451 4.3.0']);
  });

  it('counts the time for delivery from the beginning of the first attempt', async () => {
    await store().ledgers.open([fresh(6)]);
    expect(await store().ledgers.get('post', 'r1', 6)).toMatchObject({ give_up: 9999 });
    const first = await claim(6, 0, 20_000, 30_000);
    expect(first).toMatchObject({ ledger: { give_up: 80_000 } });
    expect(await claim(6, 0, 40_000, 50_000)).toMatchObject({ kind: 'claimed', ledger: { give_up: 80_000 } });
    expect(await store().ledgers.get('post', 'r1', 6)).toMatchObject({ give_up: 80_000 });
  });

  it('gives a chunk to one of many who claim it at once', async () => {
    await store().ledgers.open([fresh(3)]);
    const owners = Array.from({ length: 10 }, (_, n) => `owner ${n}`);
    const outcomes = await Promise.all(owners.map((owner) => claim(3, 0, 1000, 5000, owner)));
    expect(outcomes.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'held')).toHaveLength(9);
    expect((await store().ledgers.get('post', 'r1', 3))?.epoch).toBe(1);
  });

  it('is opened again for those who missed the post, once, and says so again to whoever asks again', async () => {
    const states = [1, 2, 3].reduce(
      (all, index) => withState(all, index, 'ended'),
      withState(withState(openStates(5), 0, 'delivered'), 4, 'delivered'),
    );
    const codes = { 'rejected 550 5.1.1': bitmap(1), left: bitmap(2), 'refused 554': bitmap(3) };
    const reported = Uint8Array.of(0b01110);
    const done = fresh(4, { done: true, attempt: 2, states, codes, reported });
    await store().ledgers.open([done]);
    const at = { now: new Date(5000), period: 10 };
    const after = await store().ledgers.reopen(done, at);
    expect(after).toMatchObject({ attempt: 3, done: false, give_up: 15_000 });
    expect(await store().ledgers.reopen(done, { now: new Date(9000), period: 10 })).toEqual(after);
    const kept = await store().ledgers.get('post', 'r1', 4);
    expect(kept).toEqual(after);
    expect([0, 1, 2, 3, 4].map((index) => stateAt(kept?.states ?? states, index))).toEqual([
      'delivered',
      'open',
      'ended',
      'open',
      'delivered',
    ]);
    expect(Object.keys(kept?.codes ?? {})).toEqual(['left']);
    expect(kept?.reported).toEqual(bitmap(2));
    expect(await claim(4, 2, 6000, 9000)).toEqual({ kind: 'over' });
    const claimed = await claim(4, 3, 6000, 9000);
    if (claimed.kind !== 'claimed') throw new Error('not claimed');
    expect(await store().ledgers.write(claimed.ledger, { ...claimed.ledger, attempt: 4, lease_end: 0 })).toBe(
      true,
    );
    // It has moved on: its next attempt has a message of its own, and asking with what was read before changes nothing.
    expect(await store().ledgers.reopen(done, at)).toBeUndefined();
    expect((await store().ledgers.get('post', 'r1', 4))?.attempt).toBe(4);
  });

  it('is opened again also while somebody waits, unless somebody has claimed it since it was read', async () => {
    const states = withState(withState(openStates(5), 0, 'ended'), 1, 'deferred');
    const codes = { 'rejected 550 5.7.1': bitmap(0), 'deferred 451 4.2.1': bitmap(1) };
    const waiting = fresh(6, { attempt: 2, states, codes });
    await store().ledgers.open([waiting]);
    const at = { now: new Date(5000), period: 10 };
    // At the same attempt: the message for it, which is on its way, still counts.
    expect(await store().ledgers.reopen(waiting, at)).toMatchObject({
      attempt: 2,
      done: false,
      codes: { 'deferred 451 4.2.1': bitmap(1) },
    });
    expect(await claim(6, 2, 6000, 9000)).toMatchObject({ kind: 'claimed' });
    const claimed = fresh(7, { attempt: 2, states, codes });
    await store().ledgers.open([claimed]);
    await claim(7, 2, 6000, 9000);
    expect(await store().ledgers.reopen(claimed, at)).toBeUndefined();
    expect(await store().ledgers.get('post', 'r1', 7)).toMatchObject({ attempt: 2, codes });
  });

  it('is not opened again when nobody missed the post', async () => {
    const states = [0, 1, 2, 3, 4].reduce((all, index) => withState(all, index, 'delivered'), openStates(5));
    const done = fresh(5, { done: true, states });
    await store().ledgers.open([done]);
    expect(await store().ledgers.reopen(done, { now: new Date(5000), period: 10 })).toBeUndefined();
  });

  it('says that a ledger is gone', async () => {
    expect(await claim(99, 0, 1000, 5000)).toEqual({ kind: 'gone' });
  });

  it('opens 100 ledgers and finds each', async () => {
    await store().ledgers.open(Array.from({ length: 100 }, (_, index) => fresh(1000 + index)));
    for (const index of [1000, 1050, 1099]) {
      expect(await store().ledgers.get('post', 'r1', index)).toMatchObject({
        chunk: index,
        epoch: 0,
      });
    }
  });
};
