import { type HeaderBlock, unfolded } from '../mail/header-block.ts';

/** The Message-IDs in the fields of a name (lower case), with their angle brackets, in order. */
export const messageIdsIn = (mail: HeaderBlock, key: string): readonly string[] =>
  mail.fields
    .filter((field) => field.key === key)
    .flatMap((field) => unfolded(field).match(/<[^<>\s]+>/g) ?? []);

/** The Message-ID of a mail as its author sent it; undefined when there is none that one could refer to. */
export const originalMessageId = (mail: HeaderBlock): string | undefined =>
  messageIdsIn(mail, 'message-id')[0];
