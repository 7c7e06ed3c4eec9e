import { addressesInText } from '../addresses-in-text.ts';
import { headerOf } from '../bounce-mail.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt } from '../diagnostic.ts';

const generated = /\((?:ultimately )?generated from (\S+@[^\s)]+)\)/i;

/**
 * Exim's X-Failed-Recipients, which Gmail and Google Groups write too, Gmail also to tell of a delay. It has the addresses after forwarding; from which address one was made
 * stands in the text, and that is the one a list knows.
 */
export const failedRecipients: Detector = {
  name: 'exim',
  detect: (mail) => {
    const values = mail.fields.filter(({ key }) => key === 'x-failed-recipients').slice(0, 50);
    const failed = values.flatMap((field) => addressesInText(headerOf([field], field.key)));
    if (failed.length === 0) return undefined;
    const found = new Map<string, Found>();
    for (const { address } of failed) {
      const at = mail.lines.findIndex((line) => line.toLowerCase().includes(address.toLowerCase()));
      mail.steps.add(mail.lines.length);
      const diagnostic = at === -1 ? '' : diagnosticAt(mail, at, address);
      found.set(address.toLowerCase(), { address, diagnostic });
      const next =
        at === -1 ? undefined : generated.exec(`${mail.lines[at] ?? ''} ${mail.lines[at + 1] ?? ''}`)?.[1];
      const [before] = addressesInText(next ?? '');
      if (before !== undefined)
        found.set(before.address.toLowerCase(), { address: before.address, diagnostic });
    }
    return detectedIf([...found.values()]);
  },
};
