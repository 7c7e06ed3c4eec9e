import { duration, oneOf, text } from '../../settings/setting.ts';

const answers = ['none', 'respond_and_discard', 'respond_and_continue'] as const;

/** Automatic answers to whoever writes to an address of the list. */
export const autoresponseSettings = {
  autorespond_owner: oneOf(
    answers,
    'none',
    'Whether mail to the owners is answered automatically, and whether it goes on after that.',
  ),
  autoresponse_owner_text: text('', 'The answer to mail to the owners.'),
  autorespond_postings: oneOf(
    answers,
    'none',
    'Whether posts are answered automatically, and whether they go on after that.',
  ),
  autoresponse_postings_text: text('', 'The answer to posts.'),
  autorespond_requests: oneOf(
    answers,
    'none',
    'Whether mail to the request address is answered automatically, and whether it goes on after that.',
  ),
  autoresponse_request_text: text('', 'The answer to mail to the request address.'),
  autoresponse_grace_period: duration(
    '90d',
    'How long the same address gets no second answer of the same kind; 0: it always gets one.',
  ),
} as const;
