/**
 * Where bytes lie. What is under `transit/` expires with `retention.posts`; what is under `kept/` lies where no
 * lifecycle reaches (design, rule 13). The lifecycle in `infra/aws` and these functions share the two prefixes.
 */
export const transitPrefix = 'transit/';
export const keptPrefix = 'kept/';

/** A mail as it was accepted, with the gateway's headers. `id` is the mail's, or the transaction's when several mails share it. */
export const arrivedKey = (id: string): string => `${transitPrefix}mail/${id}`;

/** Where posts lie as the pipeline made them. */
export const postPrefix = `${transitPrefix}post/`;

/** A post as the pipeline made it, in one attempt to make it. */
export const postKey = (id: string, attempt: string): string => `${postPrefix}${id}/${attempt}`;

/** The roster of one chunk of a post, in one attempt to fix it. */
export const rosterKey = (id: string, attempt: string, chunk: number): string =>
  `${transitPrefix}roster/${id}/${attempt}/${chunk}`;

/** A mail that waits in the shunt. */
export const shuntedKey = (id: string): string => `${keptPrefix}shunt/${id}`;

/** Where mails lie that are held for a moderator. */
export const heldPrefix = `${keptPrefix}held/`;

/** A mail that is held for a moderator. */
export const heldKey = (id: string): string => `${heldPrefix}${id}`;
