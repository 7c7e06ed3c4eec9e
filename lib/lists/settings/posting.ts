import { startChains } from '../../chains/chain-names.ts';
import { flag, integer, oneOf, textLike } from '../../settings/setting.ts';

/** How a post is changed on its way to the members, and by which chain and pipeline it goes. */
export const postingSettings = {
  allow_list_posts: flag(
    true,
    'Whether members are meant to post. When not, List-Post says NO, and posts of others than owners and moderators are sent back.',
  ),
  anonymous_list: flag(
    false,
    'Whether posts leave without a trace of their author: From becomes the list, and headers that tell more are removed.',
  ),
  include_rfc2369_headers: flag(
    true,
    'Whether posts carry the List-* headers of RFC 2369. Mail programs offer Unsubscribe because of them.',
  ),
  personalize: oneOf(
    ['none', 'individual', 'full'],
    'none',
    'Whether each member gets a copy of its own: `individual` lets the footer address the member, `full` also puts the member into To. Either costs one transaction a member.',
  ),
  reply_goes_to_list: oneOf(
    ['no_munging', 'point_to_list', 'explicit_header', 'explicit_header_only'],
    'no_munging',
    'Where replies go: where the author wants them, to the list, to `reply_to_address` besides, or to that address alone.',
  ),
  reply_to_address: textLike('', 'The address for the two explicit values of `reply_goes_to_list`.', {
    pattern: /^([^\s@]+@[^\s@]+)?$/,
    says: 'an e-mail address, or empty',
  }),
  first_strip_reply_to: flag(
    false,
    'Whether a Reply-To of the author is removed before the list adds its own.',
  ),
  posting_chain: oneOf(
    startChains,
    'default-posting-chain',
    'The chain of rules that decides on a post. With default-posting-chain the site may name another one (`mailman.default_posting_chain`).',
  ),
  posting_pipeline: oneOf(
    ['default-posting-pipeline', 'default-owner-pipeline', 'virgin'],
    'default-posting-pipeline',
    'The handlers that make an accepted mail a post.',
  ),
  owner_chain: oneOf(
    ['default-owner-chain', 'accept', 'hold', 'reject', 'discard'],
    'default-owner-chain',
    'The chain of rules that decides on mail to the owners.',
  ),
  owner_pipeline: oneOf(
    ['default-owner-pipeline', 'default-posting-pipeline', 'virgin'],
    'default-owner-pipeline',
    'The handlers that bring mail to the owners.',
  ),
  topics_enabled: flag(false, 'Whether posts are sorted into topics by their Subject and Keywords.'),
  topics_bodylines_limit: integer(
    5,
    'How many lines at the top of a post are searched for Subject and Keywords lines of topics.',
  ),
} as const;
