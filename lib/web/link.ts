import * as z from 'zod';
import { decisions } from '../notices/decision.ts';
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

/** A link by which an address joins; the mail with it is read by whoever has the address. */
export const joinLinkSchema = z.object({ ...linkBase, email: z.string(), deed: z.literal('join') });
export type JoinLink = z.infer<typeof joinLinkSchema>;

/** A link by which an address confirms that it joins or leaves. */
export const confirmLinkSchema = z.object({ ...ofRequest, deed: z.literal('confirm') });
export type ConfirmLink = z.infer<typeof confirmLinkSchema>;

/** What a link of a moderator does: this, and nothing else. */
const toDecide = { decision: z.enum(decisions) };

/** A link by which a moderator decides on somebody's request. */
export const requestLinkSchema = z.object({ ...ofRequest, ...toDecide, deed: z.literal('request') });
export type RequestLink = z.infer<typeof requestLinkSchema>;

/** A link by which a moderator decides on a held post. */
export const postLinkSchema = z.object({
  ...linkBase,
  ...toDecide,
  deed: z.literal('post'),
  request_id: z.number().int(),
  mail_id: z.string(),
  token: z.string(),
});
export type PostLink = z.infer<typeof postLinkSchema>;

/** What any link says. */
export type Link = LeaveLink | MemberLink | JoinLink | ConfirmLink | RequestLink | PostLink;
