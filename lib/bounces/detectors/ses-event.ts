import type { BounceKind } from '../bounce.ts';
import { type Detected, type Detector, detectedIf, type Found } from '../detector.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const itemsOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

// SES counts "Undetermined" among those that it does not know to be permanent.
const kindOf = (type: string): BounceKind => (type === 'Permanent' ? 'permanent' : 'temporary');

const recipients = (items: unknown, kind: BounceKind): readonly Found[] =>
  itemsOf(items).flatMap((item) => {
    const address = textOf(item.emailAddress);
    const code = textOf(item.status);
    if (!address.includes('@')) return [];
    const diagnostic = textOf(item.diagnosticCode).replace(/^smtp;\s*/i, '');
    return [
      {
        address,
        kind,
        diagnostic,
        ...(code === '' ? {} : { code }),
        ...(kind === 'complaint' ? { why: 'complaint' as const } : {}),
      },
    ];
  });

const foundIn = (event: Readonly<Record<string, unknown>>): readonly Found[] => {
  const { bounce, complaint, deliveryDelay } = event;
  if (isObject(bounce)) return recipients(bounce.bouncedRecipients, kindOf(textOf(bounce.bounceType)));
  if (isObject(complaint)) return recipients(complaint.complainedRecipients, 'complaint');
  return isObject(deliveryDelay) ? recipients(deliveryDelay.delayedRecipients, 'temporary') : [];
};

/** An event of Amazon SES in JSON (SES developer guide, "Notification contents"), which SNS sends by mail to an address that is subscribed. */
export const sesEvent: Detector = {
  name: 'ses-event',
  detect: (mail): Detected => {
    mail.steps.add(mail.lines.length);
    const first = mail.lines.findIndex((line) => line.trimStart().startsWith('{'));
    if (
      first === -1 ||
      !mail.lines.some((line) =>
        /"(?:notificationType|eventType|bouncedRecipients|complainedRecipients)|notificationType\\"/.test(
          line,
        ),
      )
    )
      return undefined;
    const text = mail.lines.slice(first).join('');
    const outer = parsed(text.slice(0, text.lastIndexOf('}') + 1));
    if (!isObject(outer)) return undefined;
    const inner = typeof outer.Message === 'string' ? parsed(outer.Message) : outer;
    if (!isObject(inner)) return undefined;
    if (isObject(inner.delivery)) return { noBounce: 'success-report' };
    return detectedIf(foundIn(inner));
  },
};
