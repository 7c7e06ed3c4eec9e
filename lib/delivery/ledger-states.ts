import { type RecipientState, recipientStates } from './ledger.ts';

/**
 * The bits of a ledger: two for the state of each recipient index, and one for each index that got a certain reply. They
 * are packed so that the ledger of 200 recipients stays under 1 KB (design, rule 8).
 */

/** The states of a fresh chunk: everybody is open. */
export const openStates = (size: number): Uint8Array => new Uint8Array(Math.ceil(size / 4));

/** The state of the recipient at an index. */
export const stateAt = (states: Uint8Array, index: number): RecipientState => {
  const bits = ((states[index >> 2] ?? 0) >> ((index & 3) * 2)) & 3;
  return recipientStates[bits] ?? 'open';
};

/** The same states, but for one index. */
export const withState = (states: Uint8Array, index: number, state: RecipientState): Uint8Array => {
  const changed = Uint8Array.from(states);
  const shift = (index & 3) * 2;
  const others = (changed[index >> 2] ?? 0) & ~(3 << shift);
  changed[index >> 2] = others | (recipientStates.indexOf(state) << shift);
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

/**
 * How many different outcomes a ledger tells apart. "rejected 550 5.1.1" has at most 22 characters and its
 * bitmap 25 bytes, so that 10 of them are 470 bytes; what comes beyond is noted as "other".
 */
const maxCodes = 10;

/** The reply codes with one more index under a code; the index is taken from any code that it had before. */
export const withCode = (
  codes: Readonly<Record<string, Uint8Array>>,
  size: number,
  index: number,
  code: string,
): Readonly<Record<string, Uint8Array>> => {
  const known = code in codes || Object.keys(codes).length < maxCodes ? code : 'other';
  const changed: Record<string, Uint8Array> = {};
  for (const [name, bitmap] of Object.entries(codes)) {
    const rest = Uint8Array.from(bitmap);
    rest[index >> 3] = (rest[index >> 3] ?? 0) & ~(1 << (index & 7));
    if (name === known || rest.some((byte) => byte !== 0)) changed[name] = rest;
  }
  const bitmap = changed[known] ?? new Uint8Array(Math.ceil(size / 8));
  bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
  changed[known] = bitmap;
  return changed;
};

/** The code under which an index is noted. */
export const codeAt = (codes: Readonly<Record<string, Uint8Array>>, index: number): string | undefined =>
  Object.entries(codes).find(([, bitmap]) => (((bitmap[index >> 3] ?? 0) >> (index & 7)) & 1) === 1)?.[0];

/** How many indices are noted under each code. */
export const countCodes = (codes: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(codes).map(([code, bitmap]) => [
      code,
      bitmap.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0),
    ]),
  );

/** The indices of a bitmap. */
export const indicesOf = (bitmap: Uint8Array, size: number): readonly number[] =>
  Array.from({ length: size }, (_, index) => index).filter(
    (index) => (((bitmap[index >> 3] ?? 0) >> (index & 7)) & 1) === 1,
  );
