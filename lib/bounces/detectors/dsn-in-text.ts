import type { Detector } from '../detector.ts';
import { hasFailureSubject, isFromMailer } from '../failure-words.ts';
import { readDeliveryStatus } from './dsn.ts';

const field = /^[\s>]{0,8}(?:final-recipient|original-recipient)\s*:/i;

/** A delivery status among the words for people: a program flattened the report into one text, or never made parts of it (Amazon WorkMail). */
export const dsnInText: Detector = {
  name: 'dsn-in-text',
  detect: (mail) => {
    mail.steps.add(mail.lines.length);
    if (!mail.lines.some((line) => field.test(line))) return undefined;
    if (!isFromMailer(mail) && !hasFailureSubject(mail)) return undefined;
    const lines = mail.lines.map((line) => line.replace(/^[\s>]{1,8}(?=[A-Za-z][A-Za-z-]+:\s)/, ''));
    return readDeliveryStatus(mail, [{ lines }]);
  },
};
