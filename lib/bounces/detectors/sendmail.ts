import { addressesInText } from '../addresses-in-text.ts';
import { asides } from '../asides.ts';
import type { BounceKind } from '../bounce.ts';
import { isDelay } from '../delay.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt } from '../diagnostic.ts';
import { isReportLike } from '../failure-words.ts';
import { ownAddresses } from '../own-addresses.ts';

const fatal =
  /-- ?delivery to these addresses failed|-- ?the following addresse?s? had (?:permanent )?(?:fatal|delivery) (?:errors|problems)/i;
const transient =
  /-- ?there was a temporary problem delivering to these addresses|-- ?the following addresse?s? had (?:transient|temporary) (?:non-fatal )?errors/i;
const otherHeading = /^\s*-{4,} ?\p{L}.{3,100}-{4,}\s*$/u;
const transcript = /-- ?transcript of session follows/i;

/** What the words in brackets behind an address tell of it. */
const kindBeside = (line: string): BounceKind | undefined => {
  if (/\(unrecoverable error/i.test(line)) return 'permanent';
  return /\((?:transient|temporary) (?:failure|error)/i.test(line) ? 'temporary' : undefined;
};

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
    // Before there were two headings (8.8), the only one told neither; the word in brackets does, or the warning around it.
    const unsaid = isDelay(mail) ? 'temporary' : 'permanent';
    let part: 'permanent' | 'temporary' | 'transcript' | undefined;
    for (const [index, line] of lines.entries()) {
      if (fatal.test(line)) part = /permanent|fatal|failed/i.test(line) ? 'permanent' : unsaid;
      else if (transient.test(line)) part = 'temporary';
      else if (transcript.test(line)) part = 'transcript';
      else if (otherHeading.test(line)) part = undefined;
      else if (part === undefined) continue;
      else if (part !== 'transcript') {
        const all = addressesInText(line.replace(/^\s*\(reason:.*$/i, ''));
        const beside = /\(expanded from/i.test(line) ? undefined : asides(line, all);
        for (const one of all) {
          const { address } = one;
          if (beside?.has(one) === true || listed.has(address.toLowerCase()) || isOwn(address)) continue;
          listed.set(address.toLowerCase(), {
            address,
            kind: kindBeside(line) ?? part,
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
