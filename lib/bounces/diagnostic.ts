import { addressesInText, sameAddress } from './addresses-in-text.ts';
import type { BounceMail } from './bounce-mail.ts';
import { reasonOf } from './reason.ts';
import { codeIn } from './status-code.ts';

// What a server said is a sentence or two.
const longest = 500;
// How far below an address its reason is looked for, when it is not beside it.
const farthest = 30;

/** Texts on one line, blanks made one. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, longest);

/** Whether a text tells a reason, in words or by a code. */
export const saysWhy = (text: string): boolean => {
  const code = codeIn(text);
  return reasonOf(code, text) !== 'other';
};

/** The line of an address behind it, and those after it up to a blank line or to another address at the beginning of a line. */
const beside = (lines: readonly string[], index: number, address: string): string => {
  const line = lines[index] ?? '';
  const rest = line.slice(line.toLowerCase().indexOf(address.toLowerCase()) + address.length);
  const said = [rest.replace(/^[\s>\])"':,;.(]+/, '')];
  for (let next = index + 1; next < lines.length && next <= index + 8; next += 1) {
    const text = lines[next] ?? '';
    if (text.trim() === '') break;
    const [other] = addressesInText(text);
    if (other !== undefined && /^[\s<*"'[]*$/.test(text.slice(0, other.from)) && other.address !== address)
      break;
    said.push(text);
  }
  return oneLine(said.join(' '));
};

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const namesAnother = (text: string, address: string): boolean =>
  addressesInText(text).some((other) => !sameAddress(other.address, address));

/** What a report says of an address that stands in one of its lines: beside it, else further down, else before it. */
export const diagnosticAt = (mail: BounceMail, index: number, address: string): string => {
  const { lines, steps } = mail;
  const near = beside(lines, index, address);
  steps.add(8);
  if (saysWhy(near)) return near;
  // Behind it, in its own line (which may say no more than "Undeliverable address:"), further down, before it.
  const places = [
    ...range(index + 1, index + 6),
    index,
    ...range(index + 7, index + farthest),
    ...range(index - 10, index - 1).toReversed(),
  ];
  steps.add(places.length);
  for (const place of places) {
    const text = lines[place] ?? '';
    if (text.trim() === '' || (place !== index && namesAnother(text, address))) continue;
    if (saysWhy(text)) return oneLine(`${text} ${lines[place + 1] ?? ''}`);
  }
  return near;
};
