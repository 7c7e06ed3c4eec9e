import { addressesInText } from '../addresses-in-text.ts';
import { headerOf } from '../bounce-mail.ts';
import { type Detector, detectedIf } from '../detector.ts';
import { oneLine } from '../diagnostic.ts';
import { endOfMatch } from '../text-format.ts';

const rejected = /your message to <?([^\s<>]+@[^\s<>]+?)>? was automatically rejected/i;

/** Dovecot's delivery agent says that a mailbox is full in a disposition notification, which it should not (RFC 8098 is for what a person does). */
export const dovecot: Detector = {
  name: 'dovecot',
  detect: (mail) => {
    mail.steps.add(mail.lines.length);
    const at = mail.lines.findIndex((_, index) => endOfMatch(mail, index, rejected) !== -1);
    if (
      at === -1 ||
      !/reject/i.test(headerOf(mail.fields, 'subject') + headerOf(mail.fields, 'auto-submitted'))
    )
      return undefined;
    const text = [mail.lines[at - 1] ?? '', mail.lines[at] ?? ''].join(' ');
    const [first] = addressesInText(rejected.exec(text)?.[1] ?? '');
    if (first === undefined) return undefined;
    const diagnostic = oneLine(mail.lines.slice(at + 1, at + 6).join(' '));
    return detectedIf([{ address: first.address, kind: 'permanent', diagnostic }]);
  },
};
