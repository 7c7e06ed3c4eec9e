import { wrap } from '../templates/wrap.ts';
import { oneLine } from './one-line.ts';

const indent = '    ';
// Indented, they end where the other paragraphs of a notice do.
const width = 66;

// A reason is ours, or a text of the owners that may have paragraphs; but it may name what a stranger wrote.
const longestLine = 2000;
const clean = (reason: string): string =>
  reason
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => oneLine(line, longestLine))
    .join('\n');

/** Reasons as a text of ours shows them: indented, so that each keeps a line of its own. */
export const reasonsText = (reasons: readonly string[], otherwise: string): string =>
  (reasons.length === 0 ? [otherwise] : reasons)
    .map((reason) => wrap(clean(reason), width).replace(/^(?=.)/gm, indent))
    .join('\n');

/** The subject of a mail as a text of ours shows it. */
export const subjectShown = (subject: string): string => oneLine(subject) || '(no subject)';
