import type * as z from 'zod';
import { type FormerMember, formerMemberSchema } from './former-member.ts';
import type { Member } from './member.ts';

/** For how long it is remembered what somebody had as a member. */
const rememberedDays = 365;

/** Until when it is remembered what somebody had who leaves now. */
export const rememberedUntil = (now: Date): Date => new Date(now.getTime() + rememberedDays * 86_400_000);

const keptSchema = formerMemberSchema.omit({ list_id: true, email: true, left_at: true });
type Kept = z.infer<typeof keptSchema>;

/** What is remembered of a member of role member who leaves. */
export const formerOf = (member: Member, now: Date): FormerMember => ({
  ...keptSchema.parse(member),
  list_id: member.list_id,
  email: member.email,
  left_at: now.toISOString(),
});

/** What somebody had before and has again. */
export const asBefore = (former: FormerMember | undefined): Kept => {
  if (former === undefined) return {};
  const { delivery_status, ...kept } = keptSchema.parse(former);
  // Who comes back gets posts again; whether the address takes them now, the bounces will tell.
  return delivery_status === undefined || delivery_status === 'by_bounces'
    ? kept
    : { ...kept, delivery_status };
};
