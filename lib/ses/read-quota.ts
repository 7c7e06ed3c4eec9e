import type { GetSendQuotaCommandOutput, SESClient } from '@aws-sdk/client-ses';
import { GetSendQuotaCommand } from '@aws-sdk/client-ses';
import type { Clock } from '../clock/clock.ts';
import type { Store } from '../store/store.ts';
import type { Pace, SendQuota } from './pace.ts';

/** What reading the quota needs of the world. */
export interface QuotaPorts {
  readonly ses: Pick<SESClient, 'send'>;
  readonly store: Pick<Store, 'pace'>;
  readonly clock: Clock;
}

// It is an answer of milliseconds, and who sends has an older one to go by.
const answerMs = 5000;

// An answer without numbers allows nothing: better to park than to run into a limit blindly.
const quotaOf = (answer: GetSendQuotaCommandOutput): SendQuota => ({
  max_per_second: answer.MaxSendRate ?? 0,
  max_24h: answer.Max24HourSend ?? 0,
  sent_24h: answer.SentLast24Hours ?? 0,
});

/**
 * Reads what Amazon SES allows the account, and tells everybody who sends. The scheduled function does it each minute; SES answers this
 * question once a second for the whole account, so that not every sender can ask.
 */
export const readQuota = async ({ ses, store, clock }: QuotaPorts): Promise<Pace> =>
  store.pace.note(
    quotaOf(await ses.send(new GetSendQuotaCommand({}), { abortSignal: AbortSignal.timeout(answerMs) })),
    clock.now(),
  );
