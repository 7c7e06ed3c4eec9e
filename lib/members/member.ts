import * as z from 'zod';
import { deliveryModes, deliveryStatuses, preferencesSchema } from '../users/preferences.ts';
import { bounceStateSchema } from './bounce-state.ts';

export const roles = ['member', 'owner', 'moderator', 'nonmember'] as const;
export type Role = (typeof roles)[number];

export { deliveryModes, deliveryStatuses };
export const moderationActions = ['hold', 'reject', 'discard', 'accept', 'defer'] as const;

const plainSchema = z.object({
  member_id: z.string(),
  list_id: z.string(),
  role: z.enum(roles),
  /** As the member writes it; the store finds it by its lower case. */
  email: z.string(),
  display_name: z.string().default(''),
  moderation_action: z.enum(moderationActions).optional(),
  delivery_mode: z.enum(deliveryModes).optional(),
  delivery_status: z.enum(deliveryStatuses).optional(),
  acknowledge_posts: z.boolean().optional(),
  hide_address: z.boolean().optional(),
  preferred_language: z.string().optional(),
  receive_list_copy: z.boolean().optional(),
  receive_own_postings: z.boolean().optional(),
  /** Set when the user is subscribed and not the address: `email` then is the preferred address of the user, and follows it. */
  user_id: z.string().optional(),
  /**
   * What the address and the user wish, the address before the user: copied here when either changes, so that a roster is one query and
   * nothing is read per recipient (design, rule 16).
   */
  inherited: preferencesSchema.optional(),
  /** ISO 8601. */
  subscribed_at: z.string(),
});

/** One address in one role on one list (mailman-behaviour.md, section 20). A preference that is absent is inherited. */
export const memberSchema = plainSchema.extend(bounceStateSchema.shape);
export type Member = z.infer<typeof memberSchema>;

/** A member to whom no mail ever came back: what bounces tell of one address says nothing of another one. */
export const withoutBounces = (member: Member): Member => {
  const plain = plainSchema.parse(member);
  const { delivery_status, ...rest } = plain;
  return delivery_status === 'by_bounces' ? rest : plain;
};
