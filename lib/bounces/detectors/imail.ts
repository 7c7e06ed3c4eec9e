import { addressesInText } from '../addresses-in-text.ts';
import { headerOf } from '../bounce-mail.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt, oneLine } from '../diagnostic.ts';

const said =
  /^\s*(?:>{0,3}\s*)?(?:delivery failed \d+ attempts|unknown (?:user|host|address)|undeliverable +to|user mailbox exceeds allowed size|invalid (?:final delivery )?user(?:id)?|mailbox (?:full|over quota)|account disabled|no such user|could not (?:be )?deliver\w*(?: to)?|rejected|message (?:could )?not (?:be )?delivered to|mail ?box .{0,40})\s*:?\s*<?(\S+@[^\s>]+)/i;

/** IMail Server, whose programs SMTP32 and SMTPD32 write one line for a recipient: what is wrong, a colon, the address. */
export const imail: Detector = {
  name: 'imail',
  detect: (mail) => {
    if (
      !/<(?:SMTPD?32|IMail)\b/i.test(headerOf(mail.fields, 'x-mailer')) &&
      !/^\s*undeliverable mail\s*$/i.test(headerOf(mail.fields, 'subject'))
    )
      return undefined;
    mail.steps.add(mail.lines.length);
    const found = new Map<string, Found>();
    for (const [index, line] of mail.lines.entries()) {
      const [first] = addressesInText(said.exec(line)?.[1] ?? '');
      if (first === undefined || found.has(first.address.toLowerCase())) continue;
      const more = diagnosticAt(mail, index, first.address);
      const diagnostic = oneLine(more.startsWith(line.trim()) ? more : `${line} ${more}`);
      found.set(first.address.toLowerCase(), { address: first.address, kind: 'permanent', diagnostic });
    }
    return detectedIf([...found.values()]);
  },
};
