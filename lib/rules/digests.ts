import { digestMasthead } from '../lists/digest-masthead.ts';
import { decoded } from '../mail/header-block.ts';
import { missFor, type Rule } from './rule.ts';

// The Subject of a digest ends like this (mailman-behaviour.md, section 17).
const digestSubject = /Digest, Vol(?:ume)? \d{1,9}, Issue \d{1,9}$/i;

/** A line without the marks of a quotation and blanks. */
const bare = (line: string): string => line.replace(/^[\s>|:]+/, '').trim();

/** Hits a post that answers a digest and brings all of it along, when the site wants such posts held. */
export const digests: Rule = {
  name: 'digests',
  record: true,
  check: ({ list, site, mail, text }) => {
    if (!site.mailman.hold_digest) return missFor('The site lets quoted digests pass.');
    const subject = mail.fields.find((field) => field.key === 'subject');
    if (subject !== undefined && digestSubject.test(decoded(subject).trim())) {
      return { hit: true, reason: 'The message has the subject of a digest.' };
    }
    const masthead = new Set(
      digestMasthead(list)
        .split('\n')
        .map(bare)
        .filter((line) => line !== ''),
    );
    const quoted = new Set(
      text.all
        .split('\n')
        .map(bare)
        .filter((line) => masthead.has(line)),
    );
    return quoted.size >= site.mailman.masthead_threshold
      ? { hit: true, reason: 'The message quotes the beginning of a digest.' }
      : missFor('It quotes no digest.');
  },
};
