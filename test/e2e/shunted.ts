import type { Stack } from '../harness/stack.ts';

/** The reasons of all that is in the shunt. */
export const shunted = async ({ store }: Stack): Promise<readonly string[]> => {
  const reasons: string[] = [];
  for await (const { reason } of store.shunt.ls()) reasons.push(reason);
  return reasons;
};
