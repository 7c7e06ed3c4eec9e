import { randomUUID } from 'node:crypto';
import type { EmailAddress } from '../addresses/email-address.ts';
import type { MailingList } from '../lists/list.ts';
import type { Member, Role } from './member.ts';

/** The form of a member id: a UUID without hyphens, as Mailman's REST API 3.1 writes it. */
const newMemberId = (): string => randomUUID().replaceAll('-', '');

/** A member as it is when somebody adds it without saying more. */
export const newMember = (
  list: Pick<MailingList, 'list_id'>,
  role: Role,
  { email, display_name }: { readonly email: EmailAddress; readonly display_name: string },
  now: Date,
): Member => ({
  member_id: newMemberId(),
  list_id: list.list_id,
  role,
  email,
  display_name,
  // What owners and moderators write needs nobody's approval (mailman-behaviour.md, section 20).
  ...(role === 'owner' || role === 'moderator' ? { moderation_action: 'accept' as const } : {}),
  subscribed_at: now.toISOString(),
});
