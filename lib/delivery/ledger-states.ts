import { type RecipientState, recipientStates } from './ledger.ts';
import { overflowCode } from './ledger-codes.ts';

/**
 * The bits of a ledger: two for the state of each recipient index, and one for each index that got a certain reply. They
 * are packed so that the ledger of 200 recipients stays under 1 KB (design, rule 8).
 */

/** The states of a fresh chunk: everybody is open. */
export const openStates = (size: number): Uint8Array => new Uint8Array(Math.ceil(size / 4));

/** A bitmap of indices, with none in it. */
export const emptyBitmap = (size: number): Uint8Array => new Uint8Array(Math.ceil(size / 8));

/** The state of the recipient at an index. */
export const stateAt = (states: Uint8Array, index: number): RecipientState => {
  const bits = ((states[index >> 2] ?? 0) >> ((index & 3) * 2)) & 3;
  return recipientStates[bits] ?? 'open';
};

/** Changes the state at one index, in place. */
export const setState = (states: Uint8Array, index: number, state: RecipientState): void => {
  const shift = (index & 3) * 2;
  const others = (states[index >> 2] ?? 0) & ~(3 << shift);
  states[index >> 2] = others | (recipientStates.indexOf(state) << shift);
};

/** The same states, but for one index. */
export const withState = (states: Uint8Array, index: number, state: RecipientState): Uint8Array => {
  const changed = Uint8Array.from(states);
  setState(changed, index, state);
  return changed;
};

/** How many recipients are in each state. */
export const countStates = (states: Uint8Array, size: number): Readonly<Record<RecipientState, number>> => {
  const counts = { open: 0, delivered: 0, ended: 0, deferred: 0 };
  for (let index = 0; index < size; index += 1) counts[stateAt(states, index)] += 1;
  return counts;
};

/** The indices in one of the given states, in order. */
export const indicesIn = (
  states: Uint8Array,
  size: number,
  wanted: readonly RecipientState[],
): readonly number[] => {
  const found: number[] = [];
  for (let index = 0; index < size; index += 1) {
    if (wanted.includes(stateAt(states, index))) found.push(index);
  }
  return found;
};

/** Whether an index is in a bitmap. */
export const hasIndex = (bitmap: Uint8Array, index: number): boolean =>
  (((bitmap[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;

/** Puts an index into a bitmap, in place. */
export const addIndex = (bitmap: Uint8Array, index: number): void => {
  bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
};

/** Takes an index out of a bitmap, in place. */
export const dropIndex = (bitmap: Uint8Array, index: number): void => {
  bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) & ~(1 << (index & 7));
};

/** The indices of a bitmap. */
export const indicesOf = (bitmap: Uint8Array, size: number): readonly number[] =>
  Array.from({ length: size }, (_, index) => index).filter((index) => hasIndex(bitmap, index));

/**
 * How many different outcomes a ledger tells apart. "deferred data 451 4.3.0" has 23 characters and its bitmap 25 bytes, so that 9
 * of them are 441 bytes; what comes beyond is noted by its kind alone, and there are few kinds.
 */
const maxCodes = 9;

/** Drops an index from whatever code it has, and codes that nobody has any more, in place. */
export const clearCode = (codes: Map<string, Uint8Array>, index: number): void => {
  for (const [name, bitmap] of codes) {
    if (!hasIndex(bitmap, index)) continue;
    dropIndex(bitmap, index);
    if (bitmap.every((byte) => byte === 0)) codes.delete(name);
  }
};

/** Notes an index under a code and under no other, in place. */
export const setCode = (codes: Map<string, Uint8Array>, size: number, index: number, code: string): void => {
  clearCode(codes, index);
  const known = codes.has(code) || codes.size < maxCodes ? code : overflowCode(code);
  const bitmap = codes.get(known) ?? emptyBitmap(size);
  addIndex(bitmap, index);
  codes.set(known, bitmap);
};

/** Codes that may be changed in place, apart from those that they were made of. */
export const copyOfCodes = (codes: Readonly<Record<string, Uint8Array>>): Map<string, Uint8Array> =>
  new Map(Object.entries(codes).map(([code, bitmap]) => [code, Uint8Array.from(bitmap)]));

/** The code under which an index is noted. */
export const codeAt = (codes: Readonly<Record<string, Uint8Array>>, index: number): string | undefined =>
  Object.entries(codes).find(([, bitmap]) => hasIndex(bitmap, index))?.[0];

/** How many indices are noted under each code. */
export const countCodes = (codes: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(codes).map(([code, bitmap]) => [
      code,
      bitmap.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0),
    ]),
  );
