import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { requestKinds } from '../subscriptions/request.ts';

/** What every link says: the version of its form, what it is for, on which list, and until when. */
const linkBase = {
  v: z.literal(1),
  list_id: z.string(),
  /** Seconds since 1970. */ expires: z.number().int(),
};

/** Whose membership a link is about: the id, so that it is of no use to who gets the same address later, or comes back. */
const ofMember = { ...linkBase, member_id: z.string(), email: z.string() };

/** Which request a link is about; the token is the request's own, which is good for one step. */
const ofRequest = { ...linkBase, kind: z.enum(requestKinds), email: z.string(), token: z.string() };

/** A link by which a member leaves. */
export const leaveLinkSchema = z.object({ ...ofMember, deed: z.literal('leave') });
export type LeaveLink = z.infer<typeof leaveLinkSchema>;

/** A link to the page on which a member changes what comes. */
export const memberLinkSchema = z.object({ ...ofMember, deed: z.literal('member') });
export type MemberLink = z.infer<typeof memberLinkSchema>;

/** A link by which an address confirms that it joins or leaves. */
export const confirmLinkSchema = z.object({ ...ofRequest, deed: z.literal('confirm') });
export type ConfirmLink = z.infer<typeof confirmLinkSchema>;

/** A link by which a moderator decides on somebody's request. */
export const requestLinkSchema = z.object({ ...ofRequest, deed: z.literal('request') });
export type RequestLink = z.infer<typeof requestLinkSchema>;

/** A link by which a moderator decides on a held post. */
export const postLinkSchema = z.object({
  ...linkBase,
  deed: z.literal('post'),
  request_id: z.number().int(),
  mail_id: z.string(),
  token: z.string(),
});
export type PostLink = z.infer<typeof postLinkSchema>;

/** What any link says. */
export type Link = LeaveLink | MemberLink | ConfirmLink | RequestLink | PostLink;

/** What was read of a token that we signed: it counts, or it is too old. */
export interface LinkReading<L> {
  readonly link: L;
  readonly expired: boolean;
}

// A link of ours has about 400 characters; nothing longer is worth a look.
const longest = 2000;

// The version is signed with the rest, so that a later form cannot be taken for this one.
const signatureOf = (payload: string, key: Buffer): string =>
  createHmac('sha256', key).update(`belfry-web-link:1:${payload}`).digest('base64url');

/** The token of a link: what it says, and the mark that we said it (RFC 2104 with SHA-256), both in base64url (RFC 4648, section 5). */
export const signLink = (link: Link, key: Buffer): string => {
  const payload = Buffer.from(JSON.stringify(link)).toString('base64url');
  return `${payload}.${signatureOf(payload, key)}`;
};

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
