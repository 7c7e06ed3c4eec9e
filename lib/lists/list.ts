import type { ListSettings } from './settings.ts';

/** A mailing list (mailman-behaviour.md, section 1). */
export interface MailingList {
  /** `list_name.mail_host`; it never changes. */
  readonly list_id: string;
  readonly list_name: string;
  readonly mail_host: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly settings: ListSettings;
}

/** The posting address. */
export const postingAddress = (list: Pick<MailingList, 'list_name' | 'mail_host'>): string =>
  `${list.list_name}@${list.mail_host}`;

/** The address of a list for a purpose, such as `ant-owner@example.com`. */
export const listAddress = (
  list: Pick<MailingList, 'list_name' | 'mail_host'>,
  purpose: 'bounces' | 'confirm' | 'join' | 'leave' | 'owner' | 'request' | 'subscribe' | 'unsubscribe',
): string => `${list.list_name}-${purpose}@${list.mail_host}`;
