import { listAddress, type MailingList, postingAddress } from '../../lib/lists/list.ts';

/** A list as JSON tells it: names and addresses in the words of Mailman's REST API, and all settings. */
export const listObject = (list: MailingList) => ({
  list_id: list.list_id,
  fqdn_listname: postingAddress(list),
  list_name: list.list_name,
  mail_host: list.mail_host,
  created_at: list.created_at,
  owner_address: listAddress(list, 'owner'),
  request_address: listAddress(list, 'request'),
  bounces_address: listAddress(list, 'bounces'),
  join_address: listAddress(list, 'join'),
  leave_address: listAddress(list, 'leave'),
  settings: list.settings,
});
