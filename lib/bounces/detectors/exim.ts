import { addressesInText } from '../addresses-in-text.ts';
import { isDelay } from '../delay.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt } from '../diagnostic.ts';
import { isReportLike } from '../failure-words.ts';
import { ownAddresses } from '../own-addresses.ts';
import { endOfMatch } from '../text-format.ts';

const created = /this message was created automatically by mail delivery (?:software|system|agent)/i;
const heading =
  /following address(?:es|\(es\))? (?:has |have )?failed|address(?:es)? to which the message has not yet been delivered (?:is|are)|could not be delivered to|has not yet been delivered to|(?:recipient|address)(?:es|s)? (?:were|was) incorrectly constructed|following addresses? (?:could|cannot)/i;
const generated = /\(?(?:ultimately )?generated (?:from|by) <?([^\s<>]+?@[^\s)>]+)>?\)?/i;

/** Exim's reports, and those of the many providers that took over its words. */
export const exim: Detector = {
  name: 'exim',
  detect: (mail) => {
    if (!isReportLike(mail)) return undefined;
    const { lines } = mail;
    mail.steps.add(2 * lines.length);
    if (!lines.some((line) => created.test(line))) return undefined;
    const isOwn = ownAddresses(mail);
    const kind = isDelay(mail) ? 'temporary' : 'permanent';
    const found = new Map<string, Found>();
    let open = false;
    for (const [index, line] of lines.entries()) {
      if (endOfMatch(mail, index, heading) !== -1) open = true;
      if (!open) continue;
      const source = generated.exec(line)?.[1];
      // An address alone, in brackets or quotes, with a colon perhaps: two blanks before it, and four before what the server said.
      const [, listed = ''] =
        /^\s{0,3}["<']?((?:"[^"<>]{1,64}"|[^\s"<>']+)@[^\s"<>':]+)["'>]?\s*(?:[:(].*)?$/.exec(line) ?? [];
      for (const { address } of addressesInText(source ?? listed)) {
        const key = address.toLowerCase();
        if (found.has(key) || isOwn(address)) continue;
        found.set(key, { address, kind, diagnostic: diagnosticAt(mail, index, address) });
      }
    }
    return detectedIf([...found.values()]);
  },
};
