import * as z from 'zod';

export const deliveryModes = ['regular', 'plaintext_digests', 'mime_digests', 'summary_digests'] as const;
export const deliveryStatuses = ['enabled', 'by_user', 'by_bounces', 'by_moderator', 'unknown'] as const;

/**
 * What a member, an address or a user wishes (mailman-behaviour.md, section 20). One that is absent is inherited: from the address, the
 * user, and at last the site.
 */
export const preferencesSchema = z.object({
  acknowledge_posts: z.boolean().optional(),
  delivery_mode: z.enum(deliveryModes).optional(),
  delivery_status: z.enum(deliveryStatuses).optional(),
  hide_address: z.boolean().optional(),
  preferred_language: z.string().optional(),
  receive_list_copy: z.boolean().optional(),
  receive_own_postings: z.boolean().optional(),
});
export type Preferences = z.infer<typeof preferencesSchema>;
