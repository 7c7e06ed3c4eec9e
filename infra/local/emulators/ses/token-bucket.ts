/** What is left of a rate: so many more now, as of a moment in milliseconds. */
export interface TokenBucket {
  readonly tokens: number;
  readonly at: number;
}

/** A full bucket: a second's worth. */
export const fullBucket = (rate: number, now: number): TokenBucket => ({ tokens: rate, at: now });

/**
 * Takes from a bucket that fills at a rate per second and holds a second's worth; undefined when it is empty. One call may take more
 * than there is and leave a debt: SES lets a mail to several recipients through while anything is left, and refuses those after it.
 */
export const takeFrom = (
  bucket: TokenBucket,
  rate: number,
  count: number,
  now: number,
): TokenBucket | undefined => {
  const tokens = Math.min(Math.max(rate, 1), bucket.tokens + ((now - bucket.at) / 1000) * rate);
  return tokens < 1 ? undefined : { tokens: tokens - count, at: now };
};
