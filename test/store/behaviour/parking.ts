import { expect, it } from 'vitest';
import type { Parked } from '../../../lib/delivery/parked.ts';
import type { Store } from '../../../lib/store/store.ts';

const at = (ms: number) => new Date(ms);

const known = (parked: Parked | undefined): Parked => {
  if (parked === undefined) throw new Error('Nothing is parked');
  return parked;
};

/** What the store promises of parking. There is one item, so each promise begins and ends with none. */
export const parkingBehaves = (store: () => Pick<Store, 'parking'>): void => {
  it('tells why, since when and until when; parking again keeps the beginning', async () => {
    const { parking } = store();
    expect(await parking.read()).toBeUndefined();
    await parking.park({ reason: '535 5.7.8 No', now: at(1000), until: at(2000) });
    await parking.park({ reason: '421 4.3.2 Busy', now: at(3000), until: at(4000) });
    expect(await parking.read()).toEqual({
      queue: 'out',
      reason: '421 4.3.2 Busy',
      since: 1000,
      until: 4000,
      epoch: 2,
    });
    expect(await parking.resume()).toMatchObject({ since: 1000 });
    expect(await parking.read()).toBeUndefined();
    expect(await parking.resume()).toBeUndefined();
  });

  it('gives the probe to one of many who take it at once', async () => {
    const { parking } = store();
    const parked = await parking.park({ reason: 'down', now: at(1000), until: at(2000) });
    const probes = await Promise.all(Array.from({ length: 10 }, () => parking.probe(parked, at(9000))));
    const taken = probes.filter((probe) => probe !== undefined);
    expect(taken).toHaveLength(1);
    expect(await parking.read()).toEqual(taken[0]);
    expect(await parking.resume(known(taken[0]))).toEqual(taken[0]);
    expect(await parking.probe(known(taken[0]), at(9000))).toBeUndefined();
    expect(await parking.read()).toBeUndefined();
  });

  it('is not ended by a probe that somebody has parked after', async () => {
    const { parking } = store();
    const parked = await parking.park({ reason: 'down', now: at(1000), until: at(2000) });
    const probe = known(await parking.probe(parked, at(9000)));
    await parking.park({ reason: 'down again', now: at(3000), until: at(4000) });
    expect(await parking.resume(probe)).toBeUndefined();
    expect(await parking.read()).toMatchObject({ reason: 'down again', since: 1000 });
    await parking.resume();
  });
};
