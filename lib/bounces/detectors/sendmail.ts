import { addressesInText } from '../addresses-in-text.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt } from '../diagnostic.ts';
import { isReportLike } from '../failure-words.ts';
import { ownAddresses } from '../own-addresses.ts';

const fatal = /-- ?the following addresse?s? had (?:permanent )?(?:fatal|delivery) (?:errors|problems)/i;
const transient = /-- ?the following addresse?s? had (?:transient|temporary) (?:non-fatal )?errors/i;
const transcript = /-- ?transcript of session follows/i;

/** Sendmail's reports of before there was a delivery status: addresses under a heading, and the session after them. */
export const sendmail: Detector = {
  name: 'sendmail',
  detect: (mail) => {
    if (!isReportLike(mail)) return undefined;
    const { lines } = mail;
    mail.steps.add(3 * lines.length);
    const isOwn = ownAddresses(mail);
    const listed = new Map<string, Found>();
    const answered = new Map<string, Found>();
    let part: 'permanent' | 'temporary' | 'transcript' | undefined;
    for (const [index, line] of lines.entries()) {
      if (fatal.test(line)) part = 'permanent';
      else if (transient.test(line)) part = 'temporary';
      else if (transcript.test(line)) part = 'transcript';
      else if (part === undefined) continue;
      else if (part !== 'transcript') {
        for (const { address } of addressesInText(line.replace(/^\s*\(reason:.*$/i, ''))) {
          if (listed.has(address.toLowerCase()) || isOwn(address)) continue;
          listed.set(address.toLowerCase(), {
            address,
            kind: part,
            diagnostic: diagnosticAt(mail, index, address),
          });
        }
      } else if (/^(?:[45]\d\d[ -]|>>> RCPT TO:)/i.test(line)) {
        // `550 user@example.com... User unknown`; the sender and "via" hosts stand after other words.
        const [first] = addressesInText(line.slice(0, 300));
        if (first === undefined || isOwn(first.address) || answered.has(first.address.toLowerCase()))
          continue;
        if (/\b(?:from|by)\s*[:<]?\s*$/i.test(line.slice(0, first.from))) continue;
        answered.set(first.address.toLowerCase(), {
          address: first.address,
          diagnostic: diagnosticAt(mail, index, first.address),
        });
      }
    }
    return detectedIf([...(listed.size > 0 ? listed : answered).values()]);
  },
};
