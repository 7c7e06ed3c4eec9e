import type { BounceMail } from './bounce-mail.ts';
import type { Detector } from './detector.ts';
import { aol } from './detectors/aol.ts';
import { arf } from './detectors/arf.ts';
import { automatic } from './detectors/automatic.ts';
import { dovecot } from './detectors/dovecot.ts';
import { dsn } from './detectors/dsn.ts';
import { dsnInText } from './detectors/dsn-in-text.ts';
import { exchangeNotice } from './detectors/exchange.ts';
import { exim } from './detectors/exim.ts';
import { failedRecipients } from './detectors/failed-recipients.ts';
import { imail } from './detectors/imail.ts';
import { notice } from './detectors/notice.ts';
import { original } from './detectors/original.ts';
import { postfix } from './detectors/postfix.ts';
import { qmail } from './detectors/qmail.ts';
import { sendmail } from './detectors/sendmail.ts';
import { sesEvent } from './detectors/ses-event.ts';
import { yale } from './detectors/yale.ts';
import { gatewayFormats } from './formats/gateways.ts';
import { mailServerFormats } from './formats/mail-servers.ts';
import { providerFormats } from './formats/providers.ts';
import { simpleNotices } from './formats/simple-notices.ts';
import { isReporter } from './reporter.ts';
import { textDetector } from './text-format.ts';

/** What is written for programs, and the guard that keeps answers and warnings away from what follows. */
const forPrograms: readonly Detector[] = [dsn, arf, sesEvent, failedRecipients, dovecot, automatic];

/** What is written for people, from the particular to the general, and the returned mail last. */
const forPeople: readonly Detector[] = [
  dsnInText,
  aol,
  yale,
  exim,
  ...mailServerFormats.map(textDetector),
  ...gatewayFormats.map(textDetector),
  ...providerFormats.map(textDetector),
  exchangeNotice,
  postfix,
  sendmail,
  imail,
  qmail,
  ...simpleNotices.map(textDetector),
  notice,
  original,
];

/** All detectors, in the order in which they are tried. */
export const detectors: readonly Detector[] = [...forPrograms, ...forPeople];

/** Those that are tried for a mail, one after the other; the first that knows it ends it. Words of whom nobody needs to believe are not read. */
export function* detectorsFor(mail: BounceMail): Generator<Detector> {
  yield* forPrograms;
  if (isReporter(mail)) yield* forPeople;
}
