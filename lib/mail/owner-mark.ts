import { listAddress, type MailingList } from '../lists/list.ts';

/**
 * What marks mail that has passed the -owner address of a list. Owner mail carries no List-Post, and Delivered-To is set by
 * some MTAs before the mail reaches us (Postfix's `flags=D`), so neither tells a loop from a first arrival. X-BeenThere is the
 * name that Mailman 2 gave to the same mark, and mail filters know it.
 */
export const ownerMark = {
  header: 'X-BeenThere',
  valueFor: (list: Pick<MailingList, 'list_name' | 'mail_host'>): string => listAddress(list, 'owner'),
} as const;
