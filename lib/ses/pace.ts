import type { Site } from '../config/site.ts';

/** What Amazon SES lets an account send, as it says itself. */
export interface SendQuota {
  readonly max_per_second: number;
  /** -1: without limit. */
  readonly max_24h: number;
  readonly sent_24h: number;
}

/** The one pace of everybody who sends: the quota, and up to when its slots are given out. Moments are in ms since 1970. */
export interface Pace extends SendQuota {
  readonly read_at: number;
  /** Up to this moment slots are leased; it lies in the past when nobody sends. */
  readonly next: number;
  /** Until this moment the share is halved, because SES throttled somebody. */
  readonly slow_until: number;
}

/** How long a throttled send halves the share of everybody (design, section 5). */
export const slowMs = 60_000;

// The scheduled function reads the quota each minute; only when it has failed for a while does a sender do it.
const staleMs = 300_000;

/** Whether a sender must read the quota itself. */
export const isStale = ({ read_at }: Pace, now: number): boolean => now - read_at > staleMs;

/** How many mails a second may leave now, by everybody together. */
export const allowedRate = (
  { max_per_second, slow_until }: Pace,
  { share }: Pick<Site['ses'], 'share'>,
  now: number,
): number => max_per_second * share * (now < slow_until ? 0.5 : 1);

/** How many mails may still leave in these 24 hours. */
export const quotaLeft = ({ max_24h, sent_24h }: SendQuota): number =>
  max_24h < 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor(max_24h - sent_24h));
