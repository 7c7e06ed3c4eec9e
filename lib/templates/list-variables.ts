import type { Site } from '../config/site.ts';
import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';

/** What each variable holds that every text of a list has (mailman-behaviour.md, section 23). */
export const listVariables = {
  listname: 'the posting address',
  list_id: 'the id of the list',
  display_name: 'the name of the list as people read it',
  short_listname: 'what stands before the @ of the posting address',
  domain: 'the domain of the list',
  description: 'one line about the list',
  info: 'a longer text about the list',
  request_email: 'the address that takes commands',
  owner_email: 'the address of the owners',
  site_email: 'the address of the site owner',
  language: 'the code of the language of the list',
} as const;

/** The values of the variables of a list. */
export const listVariablesOf = (
  list: MailingList,
  { mailman }: Pick<Site, 'mailman'>,
): Readonly<Record<keyof typeof listVariables, string>> => ({
  listname: postingAddress(list),
  list_id: list.list_id,
  display_name: list.settings.display_name,
  short_listname: list.list_name,
  domain: list.mail_host,
  description: list.settings.description,
  info: list.settings.info,
  request_email: listAddress(list, 'request'),
  owner_email: listAddress(list, 'owner'),
  site_email: mailman.site_owner,
  language: list.settings.preferred_language,
});
