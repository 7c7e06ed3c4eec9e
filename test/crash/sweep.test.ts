import { expect, it } from 'vitest';
import { threeMemberPost } from './scenarios.ts';
import { kept, promise, sweep } from './sweep.ts';

it('loses nobody and doubles only an open transaction, wherever a process dies on the way of a post', async () => {
  expect(kept(await sweep(threeMemberPost))).toEqual(promise);
}, 240_000);
