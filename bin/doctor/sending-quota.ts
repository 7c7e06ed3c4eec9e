import type { Site } from '../../lib/config/site.ts';
import { type Check, check, doubtful, type Finding, ill, well } from './check.ts';

/** What Amazon SES lets the account send. */
export interface SendingQuota {
  /** In 24 hours; -1 is without limit. */
  readonly most: number;
  readonly sent: number;
  /** In a second. */
  readonly rate: number;
}

// An account that has not asked for production may send 200 mails in 24 hours, one a second, and to verified addresses only
// (docs.aws.amazon.com/ses/latest/dg/request-production-access.html).
const sandbox = 200;

const judge = ({ most, sent, rate }: SendingQuota): Finding => {
  const says = `${sent} of ${most < 0 ? 'any number' : most} sent in 24 hours, ${rate} a second`;
  if (most >= 0 && most <= sandbox) {
    return ill(
      `${says}: the account is in the sandbox`,
      'Ask AWS for production access; until then only verified addresses get mail.',
    );
  }
  if (most >= 0 && sent >= most) return ill(says, 'The quota is used up; posts wait until it is free again.');
  return most >= 0 && sent > most * 0.8
    ? doubtful(says, 'Ask AWS for more before it is used up.')
    : well(says);
};

/** Whether mail leaves by Amazon SES: by its API, or by its SMTP interface as a relay. */
const leavesBySes = ({ delivery, mta }: Site): boolean =>
  delivery.transport === 'ses' || /^email-smtp(?:-fips)?\.[\w-]+\.amazonaws\.com/.test(mta.smtp_host);

/** The sandbox and the quota of Amazon SES, when mail leaves by it. */
export const sendingChecks = (site: Site, quota: () => Promise<SendingQuota>): readonly Check[] =>
  leavesBySes(site) ? [check('SES', async () => judge(await quota()))] : [];
