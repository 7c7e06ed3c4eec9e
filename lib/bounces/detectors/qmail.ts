import { addressesInText } from '../addresses-in-text.ts';
import { type BounceMail, headerOf } from '../bounce-mail.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt } from '../diagnostic.ts';
import { isFromMailer } from '../failure-words.ts';

// QSBMF, qmail's own format: a first paragraph that says what this is, and a paragraph for each recipient, which begins with its address.
const intro =
  /this is the .{0,60}qmail.{0,40} program|qmail-send|mta program at|wasn['’`]?t able to deliver (?:your|the)|i['’]ve given up|was unable to deliver your message|problem with the e-?mail address(?:\(es\)|es)?|this is a permanent error|check your send e-?mail address|this is the (?:machine|mail|e-?mail) (?:server|program)|your message could not be delivered|this is the email server at/i;

const isQmail = (mail: BounceMail): boolean => {
  if (mail.lines.slice(0, 40).some((line) => intro.test(line))) return true;
  return /^(?:failure|delivery) notice$|^failure delivery$/i.test(headerOf(mail.fields, 'subject').trim());
};

/** qmail and the programs that follow it: `<user@example.com>:` on a line of its own, and under it what the server said. */
export const qmail: Detector = {
  name: 'qmail',
  detect: (mail) => {
    mail.steps.add(2 * mail.lines.length);
    if (!isQmail(mail) || !isFromMailer(mail)) return undefined;
    const found = new Map<string, Found>();
    for (const [index, line] of mail.lines.entries()) {
      const [, listed = ''] = /^\s{0,4}<([^<>]{3,400})>\s*:/.exec(line) ?? [];
      for (const { address } of addressesInText(listed)) {
        if (found.has(address.toLowerCase())) continue;
        found.set(address.toLowerCase(), { address, diagnostic: diagnosticAt(mail, index, address) });
      }
    }
    return detectedIf([...found.values()]);
  },
};
