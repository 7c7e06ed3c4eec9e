import { expect, it } from 'vitest';
import { coalesced } from '../../lib/concurrency/coalesced.ts';

/** A call that ends when it is told, and counts how often it was made. */
const slowCall = () => {
  const ends: ((how: 'well' | 'badly') => void)[] = [];
  const call = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const number = ends.length + 1;
      ends.push((how) => (how === 'well' ? resolve(number) : reject(new Error(`call ${number}`))));
    });
  return { call: coalesced(call), ends };
};

it('makes one call for all who ask while another is under way, and it begins after they asked', async () => {
  const { call, ends } = slowCall();
  const first = call();
  const others = [call(), call(), call()];
  expect(ends).toHaveLength(1);
  ends[0]?.('well');
  expect(await first).toBe(1);
  expect(ends).toHaveLength(2);
  ends[1]?.('well');
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  const last = call();
  ends[2]?.('well');
  expect(await last).toBe(3);
});

it('tells a failure to those who waited for it, and goes on for the others', async () => {
  const { call, ends } = slowCall();
  const first = call();
  const second = call();
  ends[0]?.('badly');
  await expect(first).rejects.toThrow('call 1');
  ends[1]?.('well');
  expect(await second).toBe(2);
});
