import { addressesInText } from '../addresses-in-text.ts';
import { isDelay } from '../delay.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt } from '../diagnostic.ts';
import { isReportLike } from '../failure-words.ts';

const intro =
  /this is the .{1,100} (?:program|mail system|system) at host|this is the mail system at host|^\s*the .{1,60} program\s*$|^\s*the mail system\s*$/i;
const expanded = /\(expanded from\s*<?([^\s<>]+@[^\s<>)]+)>?\)/i;

// A report that was asked for has those as well who got the mail.
const succeeded = /^(?:delivery via|delivered|relayed)\b|(?:^|\s)250[ -](?:2\.\d\.\d|ok\b)/i;

/** Postfix without a delivery status, old or rewritten on its way. The words "Postfix" are what an administrator changes first. */
export const postfix: Detector = {
  name: 'postfix',
  detect: (mail) => {
    if (!isReportLike(mail)) return undefined;
    const { lines } = mail;
    mail.steps.add(2 * lines.length);
    const first = lines.findIndex((line) => intro.test(line));
    if (first === -1) return undefined;
    const kind = isDelay(mail) ? 'temporary' : 'permanent';
    const found = new Map<string, Found>();
    for (let index = first + 1; index < lines.length; index += 1) {
      const line = lines[index] ?? '';
      if (!/^\s{0,4}<[^<>]+>\s*(?::|\(expanded)/.test(line)) continue;
      const both = `${line} ${(lines[index + 1] ?? '').trim()}`;
      const [failed] = addressesInText(line);
      const [alias] = addressesInText(expanded.exec(both)?.[1] ?? '');
      for (const one of [failed, alias]) {
        if (one === undefined || found.has(one.address.toLowerCase())) continue;
        const diagnostic = diagnosticAt(mail, index, failed?.address ?? one.address);
        if (succeeded.test(diagnostic)) continue;
        found.set(one.address.toLowerCase(), { address: one.address, kind, diagnostic });
      }
    }
    return detectedIf([...found.values()]);
  },
};
