import { addressesInText } from '../addresses-in-text.ts';
import { type BounceMail, headerOf } from '../bounce-mail.ts';
import { type Detected, type Detector, detectedIf, type Found } from '../detector.ts';
import { ownAddresses } from '../own-addresses.ts';
import { originalVerp } from './original.ts';

const valuesOf = (lines: readonly string[], name: string): readonly string[] =>
  lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return line.slice(0, Math.max(0, colon)).trim().toLowerCase() === name
      ? [line.slice(colon + 1).trim()]
      : [];
  });

const addressesIn = (values: readonly string[]): readonly string[] =>
  values.flatMap((value) => addressesInText(value).map(({ address }) => address));

/** Who complained: RFC 5965, section 3.2, has Original-Rcpt-To; where a provider leaves it out, the returned mail may tell by its sender or its To. */
const complainers = (mail: BounceMail, lines: readonly string[]): readonly string[] => {
  const named = addressesIn([
    ...valuesOf(lines, 'original-rcpt-to'),
    ...valuesOf(lines, 'removal-recipient'),
  ]);
  if (named.length > 0) return named;
  const verp = originalVerp(mail, valuesOf(lines, 'original-mail-from'));
  if (verp !== undefined) return [verp];
  const isOwn = ownAddresses(mail, { alsoTo: true });
  const to = addressesIn([headerOf(mail.original, 'to')]).filter((address) => !isOwn(address));
  return to.length === 1 ? to : [];
};

/** A feedback report: somebody pressed the button that says that this is spam (RFC 5965). */
export const arf: Detector = {
  name: 'arf',
  detect: (mail): Detected => {
    const lines = mail.reports
      .filter(({ type }) => type === 'feedback-report')
      .flatMap((report) => report.lines);
    mail.steps.add(4 * lines.length);
    const [type = ''] = valuesOf(lines, 'feedback-type').map((value) => value.toLowerCase());
    // RFC 6430: somebody took the complaint back. RFC 6591: a report on SPF, DKIM or DMARC is no person's.
    if (/^not-spam/.test(type)) return { noBounce: 'not-spam' };
    if (/^(?:auth-failure|dmarc)/.test(type)) return { noBounce: 'authentication-report' };
    if (lines.length === 0) return undefined;
    const unique = new Map(complainers(mail, lines).map((address) => [address.toLowerCase(), address]));
    return detectedIf(
      [...unique.values()].map(
        (address): Found => ({ address, kind: 'complaint', why: 'complaint', diagnostic: type }),
      ),
    );
  },
};
