import { headerOf } from '../bounce-mail.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { oneLine } from '../diagnostic.ts';
import { endOfMatch } from '../text-format.ts';

const heading = /mail to the following recipients could not be delivered because/i;

/** AOL names its members by their screen names alone; the domain is that of the daemon. */
export const aol: Detector = {
  name: 'aol',
  detect: (mail) => {
    const [, domain] = /@((?:[\w-]+\.)*aol\.com)\b/i.exec(headerOf(mail.fields, 'from')) ?? [];
    if (domain === undefined) return undefined;
    mail.steps.add(mail.lines.length);
    const start = mail.lines.findIndex((_, index) => endOfMatch(mail, index, heading) !== -1);
    if (start === -1) return undefined;
    const found: Found[] = [];
    for (const line of mail.lines.slice(start + 1, start + 200)) {
      const [, local = '', rest = ''] = /^\s+([\w.-]{2,64})(@[\w.-]+)?\s*$/.exec(line) ?? [];
      if (local === '') continue;
      const diagnostic = oneLine(mail.lines.slice(start, start + 3).join(' '));
      found.push({
        address: rest === '' ? `${local}@aol.com` : `${local}${rest}`,
        kind: 'permanent',
        diagnostic,
      });
    }
    return detectedIf(found);
  },
};
