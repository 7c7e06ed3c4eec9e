import { timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { signatureOf } from './sign-link.ts';

/** What was read of a token that we signed: it counts, or it is too old. */
export interface LinkReading<L> {
  readonly link: L;
  readonly expired: boolean;
}

// A link of ours has about 400 characters; nothing longer is worth a look.
const longest = 2000;

const jsonOf = (payload: string): unknown => {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Reads a token; undefined when we did not sign it, or signed it for something else. Nothing of it is looked at before its mark. */
export const readLink = <L extends { readonly expires: number }>(
  schema: z.ZodType<L>,
  token: string,
  { key, now }: { readonly key: Buffer; readonly now: Date },
): LinkReading<L> | undefined => {
  const [payload = '', signature = '', ...more] = token.slice(0, longest).split('.');
  if (more.length > 0 || !isSame(signature, signatureOf(payload, key))) return undefined;
  const read = schema.safeParse(jsonOf(payload));
  if (!read.success) return undefined;
  return { link: read.data, expired: read.data.expires * 1000 <= now.getTime() };
};
