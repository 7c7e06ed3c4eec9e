import type { Bounce, ReceivedMail, Recognition } from './bounce.ts';
import { type BounceMail, headerOf, readBounceMail } from './bounce-mail.ts';
import { bouncedMail } from './bounced-mail.ts';
import { isDelay } from './delay.ts';
import type { Found } from './detector.ts';
import { detectorsFor } from './detectors.ts';
import { oneLine } from './diagnostic.ts';
import { failureSentence, hasFailureSubject, isNamedMailer } from './failure-words.ts';
import { reasonOf } from './reason.ts';
import { codeIn } from './status-code.ts';
import type { VerpOptions } from './verp.ts';

/** A bounce with all that its diagnostic tells. */
const bounceFrom = (mail: BounceMail, found: Found, detector: string): Bounce => {
  const diagnostic = oneLine(found.diagnostic ?? '');
  const code = found.code ?? codeIn(diagnostic);
  const kind = found.kind ?? (isDelay(mail) ? 'temporary' : 'permanent');
  return {
    address: found.address,
    kind,
    why: found.why ?? reasonOf(code, diagnostic),
    ...(code === undefined ? {} : { code }),
    detector,
    ...(diagnostic === '' ? {} : { diagnostic }),
  };
};

/** One bounce for each address: what is permanent outweighs what is not. */
const unique = (bounces: readonly Bounce[]): readonly Bounce[] => {
  const byAddress = new Map<string, Bounce>();
  for (const bounce of bounces) {
    const key = bounce.address.toLowerCase();
    const known = byAddress.get(key);
    if (known === undefined || (known.kind === 'temporary' && bounce.kind !== 'temporary'))
      byAddress.set(key, bounce);
  }
  return [...byAddress.values()];
};

const detect = (mail: BounceMail): Recognition => {
  for (const { name, detect: read } of detectorsFor(mail)) {
    const detected = read(mail);
    if (detected === undefined) continue;
    if ('noBounce' in detected) return { kind: 'no-bounce', because: detected.noBounce };
    return { kind: 'bounces', bounces: unique(detected.found.map((found) => bounceFrom(mail, found, name))) };
  }
  return { kind: 'unrecognised' };
};

// Where a mail says to whom it was brought (mailman-behaviour.md, section 13.1); only read when the envelope is not known (design, rule 5).
const recipientHeaders = ['x-original-to', 'delivered-to', 'envelope-to', 'apparently-to', 'to'];

/** The member whose bounce this is, as the address says to which it came. */
const verpAddress = (mail: BounceMail): string | undefined => {
  const recipients =
    mail.recipient === undefined
      ? recipientHeaders.map((key) => headerOf(mail.fields, key))
      : [mail.recipient];
  for (const recipient of recipients.flatMap((value) => value.split(/[\s<>,;"]+/, 50))) {
    const member = mail.verp(recipient);
    if (member !== undefined) return member;
  }
  return undefined;
};

/** A report that names nobody, which its address does: where and why are read from its first sentence of failure. */
const nameless = (mail: BounceMail, address: string): Recognition => {
  // Programs that answer leave the sender of the envelope empty too, and speak of mail that is not forwarded.
  if (!isNamedMailer(mail) && !hasFailureSubject(mail)) return { kind: 'unrecognised' };
  mail.steps.add(mail.lines.length);
  const at = mail.lines.findIndex((line) => failureSentence.test(line));
  if (at === -1) return { kind: 'unrecognised' };
  const diagnostic = mail.lines.slice(at, at + 4).join(' ');
  return { kind: 'bounces', bounces: [bounceFrom(mail, { address, diagnostic }, 'verp')] };
};

/**
 * Whose bounce it is, the envelope says, whatever addresses the report has: a member may have forwarded the mail. Whether it is one, and why, the
 * detectors say: an answer to the same address is none.
 */
const withVerp = (mail: BounceMail, address: string, detected: Recognition): Recognition => {
  if (detected.kind === 'unrecognised') return nameless(mail, address);
  if (detected.kind === 'no-bounce') return detected;
  const { bounces } = detected;
  const own = bounces.find((bounce) => bounce.address.toLowerCase() === address.toLowerCase());
  const worst = own ?? bounces.find(({ kind }) => kind !== 'temporary') ?? bounces[0];
  return worst === undefined
    ? detected
    : { kind: 'bounces', bounces: [{ ...worst, address, detector: 'verp' }] };
};

/** A recognition, which mail came back, and how many steps it took. */
export interface CountedRecognition {
  readonly recognition: Recognition;
  /** The name of the mail that came back; undefined where the report does not tell. */
  readonly mail: string | undefined;
  readonly steps: number;
}

/** Recognises a bounce and counts the steps that it takes. */
export const recogniseCounted = (received: ReceivedMail, options: VerpOptions): CountedRecognition => {
  const mail = readBounceMail(received, options);
  const detected = detect(mail);
  const address = verpAddress(mail);
  const recognition = address === undefined ? detected : withVerp(mail, address, detected);
  return { recognition, mail: bouncedMail(headerOf(mail.original, 'message-id')), steps: mail.steps.count };
};

/**
 * Recognises a bounce: who did not get a mail, for good or for now, and why; or that a mail is no bounce. It is a pure function of the bytes and the
 * envelope, never throws, and takes time in proportion to their size.
 */
export const recognise = (received: ReceivedMail, options: VerpOptions): Recognition =>
  recogniseCounted(received, options).recognition;
