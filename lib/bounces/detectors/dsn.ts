import { sameAddress } from '../addresses-in-text.ts';
import type { BounceKind } from '../bounce.ts';
import type { BounceMail, Report } from '../bounce-mail.ts';
import { type Detected, type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt, oneLine, saysWhy } from '../diagnostic.ts';
import { ownAddresses } from '../own-addresses.ts';
import { reasonOf } from '../reason.ts';
import { recipientAddress, withoutXtext } from '../recipient-field.ts';
import { codeIn } from '../status-code.ts';

/** The fields of one recipient (RFC 3464, section 2.3), by their names in lower case. */
type Recipient = Map<string, string>;

const isRecipientField = (key: string): boolean =>
  /^(?:original-recipient|final-recipient|x-actual-recipient|action|status|remote-mta|diagnostic-code|last-attempt-date|will-retry-until|final-log-id|x-.+)$/.test(
    key,
  );

/**
 * The recipients of a report. A blank line parts them (RFC 3464, section 2.1), but some programs put blank lines between any two fields, and others
 * none between two recipients; so a field that this recipient has already begins the next one, and a blank line does so when this one is whole.
 */
const recipientsOf = (lines: readonly string[]): readonly Recipient[] => {
  const recipients: Recipient[] = [];
  let current: Recipient = new Map();
  let last = '';
  let gap = false;
  const begin = (): void => {
    current = new Map();
    recipients.push(current);
  };
  for (const line of lines) {
    if (line.trim() === '') {
      gap = true;
      continue;
    }
    const [, name = '', value = ''] = /^\s{0,8}([A-Za-z][A-Za-z0-9-]{2,40})\s*:\s*(.*)$/.exec(line) ?? [];
    if (/^\s/.test(line) && !gap && last !== '' && !isRecipientField(name.toLowerCase())) {
      const before = current.get(last) ?? '';
      if (before.length < 2000) current.set(last, `${before} ${line.trim()}`);
      continue;
    }
    const key = name.toLowerCase();
    if (name === '' || !isRecipientField(key)) {
      last = '';
      continue;
    }
    const whole = current.has('final-recipient') && (current.has('action') || current.has('status'));
    const heads = /^(?:final-recipient|original-recipient|action)$/.test(key);
    const again = current.has(key) && (heads || key === 'status');
    if (recipients.length === 0 || again || (gap && whole && heads)) begin();
    gap = false;
    current.set(key, value.trim());
    last = key;
  }
  return recipients;
};

type Fate = BounceKind | 'relayed' | 'delivered' | 'unknown';

const byClass: Readonly<Record<string, Fate>> = { '2': 'delivered', '4': 'temporary', '5': 'permanent' };

/**
 * What became of it. The action rules (RFC 3464, section 2.3.3): `failed` with a status 4.x.x means that somebody tried for long and gave up. Only
 * where there is no known action the class of the status decides.
 */
const fateOf = (recipient: Recipient): Fate => {
  const [action = ''] = (recipient.get('action') ?? '').toLowerCase().split(/[^a-z]/);
  if (/^(?:fail|error|undeliver|expire|bounce|reject|delete)/.test(action)) return 'permanent';
  if (/^(?:delay|defer|retry|warn)/.test(action)) return 'temporary';
  if (action === 'relayed') return 'relayed';
  if (/^(?:delivered|expanded|deliverable|success)/.test(action)) return 'delivered';
  const code = codeIn(recipient.get('status') ?? '') ?? codeIn(recipient.get('diagnostic-code') ?? '');
  return byClass[code?.slice(0, 1) ?? ''] ?? 'unknown';
};

// RFC 3464, section 2.3.1: the address that the sender gave; the list knows this one, and no other where a mail was forwarded.
const addressFields = ['original-recipient', 'final-recipient', 'x-actual-recipient'];

const addressOf = (recipient: Recipient, isOwn: (address: string) => boolean): string | undefined => {
  const final = recipientAddress(recipient.get('final-recipient') ?? '');
  const original = recipientAddress(recipient.get('original-recipient') ?? '');
  if (final !== undefined && original !== undefined && sameAddress(withoutXtext(original), final))
    return final;
  for (const field of addressFields) {
    const address = recipientAddress(recipient.get(field) ?? '');
    // A server that expanded the list itself may name the list here.
    if (address === undefined || (field === 'original-recipient' && isOwn(address))) continue;
    return address;
  }
  return original;
};

const diagnosticOf = (recipient: Recipient): string =>
  oneLine(
    (recipient.get('diagnostic-code') ?? recipient.get('x-supplementary-info') ?? '').replace(
      /^[\w-]+\s*;\s*/,
      '',
    ),
  );

/** The status, unless it says nothing and what the server said has a better one. */
const statusOf = (recipient: Recipient): string | undefined => {
  const status = codeIn(recipient.get('status') ?? '');
  const said = codeIn(recipient.get('diagnostic-code') ?? '');
  const isVague = status === undefined || /^[45]\.0\.0$/.test(status);
  return isVague ? (said ?? status) : status;
};

const foundIn = (
  recipient: Recipient,
  kind: BounceKind,
  isOwn: (address: string) => boolean,
): Found | undefined => {
  const address = addressOf(recipient, isOwn);
  if (address === undefined) return undefined;
  const code = statusOf(recipient);
  const said = diagnosticOf(recipient) || oneLine(recipient.get('status') ?? '');
  return { address, kind, diagnostic: said, ...(code === undefined ? {} : { code }) };
};

// A report has its recipients in both of its parts, and the text is gone through for each of them.
const mostLookedUp = 8;

/** A bounce whose fields do not tell why, with what the text for people says of its address. */
const withText = (mail: BounceMail, found: Found): Found => {
  if (reasonOf(found.code, found.diagnostic ?? '') !== 'other') return found;
  mail.steps.add(mail.lines.length);
  const at = mail.lines.findIndex((line) => line.toLowerCase().includes(found.address.toLowerCase()));
  const diagnostic = at === -1 ? '' : diagnosticAt(mail, at, found.address);
  return saysWhy(diagnostic) ? { ...found, diagnostic } : found;
};

/** What the delivery status of one report, or of several, tells. */
export const readDeliveryStatus = (mail: BounceMail, reports: readonly Pick<Report, 'lines'>[]): Detected => {
  mail.steps.add(reports.reduce((sum, { lines }) => sum + lines.length, 0));
  const fates = reports
    .flatMap(({ lines }) => recipientsOf(lines))
    .map((recipient) => ({ recipient, fate: fateOf(recipient) }));
  if (fates.length === 0) return undefined;
  const isOwn = ownAddresses(mail);
  const found = fates.flatMap(({ recipient, fate }) => {
    if (fate !== 'permanent' && fate !== 'temporary') return [];
    return foundIn(recipient, fate, isOwn) ?? [];
  });
  if (found.length > 0)
    return detectedIf(found.length > mostLookedUp ? found : found.map((one) => withText(mail, one)));
  if (fates.some(({ fate }) => fate === 'permanent' || fate === 'temporary')) return undefined;
  if (fates.some(({ fate }) => fate === 'delivered')) return { noBounce: 'success-report' };
  return fates.some(({ fate }) => fate === 'relayed') ? { noBounce: 'relayed' } : undefined;
};

/** A delivery status notification (RFC 3464; RFC 6533 for addresses in UTF-8). */
export const dsn: Detector = {
  name: 'dsn',
  detect: (mail) =>
    readDeliveryStatus(
      mail,
      mail.reports.filter(({ type }) => type === 'delivery-status'),
    ),
};
