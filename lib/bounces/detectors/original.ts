import { addressesInText } from '../addresses-in-text.ts';
import { type BounceMail, headerOf } from '../bounce-mail.ts';
import { type Detector, detectedIf } from '../detector.ts';
import { oneLine } from '../diagnostic.ts';
import { failureSentence, hasFailureSubject, isFromMailer } from '../failure-words.ts';
import { ownAddresses } from '../own-addresses.ts';
import { codeIn } from '../status-code.ts';

/** The member whom a returned mail was for, by its own envelope sender (VERP), which it may carry in several fields. */
export const originalVerp = (mail: BounceMail, more: readonly string[] = []): string | undefined => {
  const fields = ['return-path', 'sender', 'errors-to', 'x-mailfrom', 'x-envelope-from', 'x-envelope-sender'];
  for (const value of [...more, ...fields.map((key) => headerOf(mail.original, key))]) {
    for (const { address } of addressesInText(value)) {
      const member = mail.verp(address);
      if (member !== undefined) return member;
    }
  }
  return undefined;
};

/** The one whom a returned mail was written to; nobody when it went to a list, or to several. */
const onlyRecipient = (mail: BounceMail): string | undefined => {
  const isOwn = ownAddresses(mail, { alsoTo: true });
  const [one, ...others] = ['to', 'cc'].flatMap((key) => addressesInText(headerOf(mail.original, key)));
  return one === undefined || others.length > 0 || isOwn(one.address) ? undefined : one.address;
};

const firstSentence = (mail: BounceMail): string => {
  mail.steps.add(mail.lines.length);
  const index = mail.lines.findIndex((line) => codeIn(line) !== undefined || failureSentence.test(line));
  return oneLine(mail.lines.slice(Math.max(0, index), index + 3).join(' '));
};

/** The last resort: a report that names nobody, but brings the mail back, which was for one person alone. */
export const original: Detector = {
  name: 'original',
  detect: (mail) => {
    if (mail.original.length === 0 || !isFromMailer(mail)) return undefined;
    mail.steps.add(mail.lines.length);
    if (!hasFailureSubject(mail) && !mail.lines.some((line) => failureSentence.test(line))) return undefined;
    const address = originalVerp(mail) ?? onlyRecipient(mail);
    return detectedIf(address === undefined ? [] : [{ address, diagnostic: firstSentence(mail) }]);
  },
};
