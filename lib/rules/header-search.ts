import { decoded, type HeaderField } from '../mail/header-block.ts';
import { patternOrNone } from '../regex/pattern.ts';

// What is searched for one regular expression. With the bound on its instructions this bounds the time (decision 20); a program
// that writes a longer value means no good or nothing.
const mostText = 16_384;

/** Whether a regular expression is found in the value of one of these headers, in any letter case. */
export const isInHeader = (fields: readonly HeaderField[], header: string, source: string): boolean => {
  const regex = patternOrNone(source, 'any');
  if (regex === undefined) return false;
  const key = header.toLowerCase();
  let left = mostText;
  for (const field of fields) {
    if (field.key !== key) continue;
    const value = decoded(field).slice(0, left);
    if (regex.foundIn(value)) return true;
    left -= value.length;
    if (left <= 0) return false;
  }
  return false;
};
