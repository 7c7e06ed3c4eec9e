import { describe, expect, it } from 'vitest';
import { parseListSettings } from '../../lib/lists/parse-settings.ts';
import { listSettings, readListSettings } from '../../lib/lists/settings.ts';

const day = 86_400;

/** mailman-behaviour.md, section 21, written down once more by hand. Names that a list gets at its creation are empty here. */
const mailmanDefaults = {
  acceptable_aliases: [],
  accept_these_nonmembers: [],
  hold_these_nonmembers: [],
  reject_these_nonmembers: [],
  discard_these_nonmembers: [],
  admin_immed_notify: true,
  admin_notify_mchanges: false,
  administrivia: true,
  advertised: true,
  allow_list_posts: true,
  anonymous_list: false,
  archive_policy: 'public',
  archive_rendering_mode: 'text',
  autorespond_owner: 'none',
  autorespond_postings: 'none',
  autorespond_requests: 'none',
  autoresponse_grace_period: 90 * day,
  autoresponse_owner_text: '',
  autoresponse_postings_text: '',
  autoresponse_request_text: '',
  bounce_info_stale_after: 7 * day,
  bounce_notify_owner_on_bounce_increment: false,
  bounce_notify_owner_on_disable: true,
  bounce_notify_owner_on_removal: true,
  bounce_score_threshold: 5,
  bounce_you_are_disabled_warnings: 3,
  bounce_you_are_disabled_warnings_interval: 7 * day,
  collapse_alternatives: true,
  convert_html_to_plaintext: false,
  default_member_action: 'defer',
  default_nonmember_action: 'hold',
  description: '',
  digest_last_sent_at: null,
  digest_send_periodic: true,
  digest_size_threshold: 30,
  digest_volume_frequency: 'monthly',
  digests_enabled: true,
  display_name: '',
  dmarc_mitigate_action: 'no_mitigation',
  dmarc_mitigate_unconditionally: false,
  dmarc_moderation_notice: '',
  dmarc_wrapped_message_text: '',
  forward_unrecognized_bounces_to: 'administrators',
  include_rfc2369_headers: true,
  info: '',
  linked_newsgroup: '',
  max_days_to_hold: 0,
  max_message_size: 40,
  max_num_recipients: 10,
  member_roster_visibility: 'moderators',
  moderator_password: null,
  newsgroup_moderation: 'none',
  next_digest_number: 1,
  nntp_prefix_subject_too: true,
  pass_types: [],
  pass_extensions: [],
  personalize: 'none',
  post_id: 1,
  posting_pipeline: 'default-posting-pipeline',
  posting_chain: 'default-posting-chain',
  owner_chain: 'default-owner-chain',
  owner_pipeline: 'default-owner-pipeline',
  preferred_language: 'en',
  process_bounces: true,
  reply_goes_to_list: 'no_munging',
  reply_to_address: '',
  require_explicit_destination: true,
  respond_to_post_requests: true,
  send_goodbye_message: true,
  send_welcome_message: true,
  subject_prefix: '',
  subscription_policy: 'confirm',
  unsubscription_policy: 'confirm',
  topics_enabled: false,
  usenet_watermark: null,
  volume: 1,
  emergency: false,
  filter_action: 'discard',
  filter_content: false,
  filter_types: [],
  filter_extensions: [],
  first_strip_reply_to: false,
  gateway_to_mail: false,
  gateway_to_news: false,
  last_post_at: null,
  bounce_matching_headers:
    'to: friend@public.com\nmessage-id: relay.comanche.denmark.eu\nfrom: list@listme.com\nfrom: .*@uplinkpro.com',
  header_matches: [],
  topics_bodylines_limit: 5,
  obscure_addresses: true,
};

describe('the settings of a list', () => {
  it('are those of Mailman, with its defaults', () => {
    const defaults = Object.fromEntries(
      Object.entries(listSettings).map(([name, setting]) => [name, setting.fallback]),
    );
    expect(defaults).toEqual(mailmanDefaults);
  });

  it('are each explained where they are declared', () => {
    for (const [name, { doc }] of Object.entries(listSettings)) {
      expect(doc, name).toMatch(/^[A-Z`].{10,}\.$/s);
    }
  });

  it.each(Object.entries(mailmanDefaults))('take their own defaults: %s', (name, value) => {
    expect(parseListSettings({ [name]: value })).toEqual({ [name]: value });
  });
});

describe('a value that is set', () => {
  it.each<[string, unknown, unknown]>([
    ['advertised', 'No', false],
    ['post_id', '120', 120],
    ['digest_size_threshold', '12.5', 12.5],
    ['bounce_info_stale_after', '1w', 7 * day],
    ['bounce_info_stale_after', '1d12h', 1.5 * day],
    ['last_post_at', '2026-03-01T12:00:00', '2026-03-01T12:00:00.000Z'],
    ['last_post_at', '2026-03-01 12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['last_post_at', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['digest_last_sent_at', '', null],
    ['moderator_password', '', null],
    ['acceptable_aliases', 'ants@example.com', ['ants@example.com']],
    ['acceptable_aliases', '', []],
    ['acceptable_aliases', ['^emmet.*@', 'a@example.com'], ['^emmet.*@', 'a@example.com']],
    ['filter_types', ['Image', 'text/HTML'], ['image', 'text/html']],
    ['filter_extensions', ['.EXE', 'com'], ['exe', 'com']],
    ['linked_newsgroup', 'comp.lang.c++', 'comp.lang.c++'],
    ['bounce_matching_headers', '# nobody\n\nfrom: .*@spam', '# nobody\n\nfrom: .*@spam'],
    [
      'header_matches',
      '[{"header": "X-Spam", "pattern": "^yes", "action": "discard"}]',
      [{ header: 'x-spam', pattern: '^yes', action: 'discard', tag: null }],
    ],
    [
      'header_matches',
      [{ header: 'x-spam', pattern: 'a', tag: 'mine' }],
      [{ header: 'x-spam', pattern: 'a', action: null, tag: 'mine' }],
    ],
    ['header_matches', '', []],
    ['preferred_language', 'pt_BR', 'pt_BR'],
  ])('is read: %s = %j', (name, raw, value) => {
    expect(parseListSettings({ [name]: raw })).toEqual({ [name]: value });
  });

  it.each<[string, unknown, string]>([
    ['no_such_setting', 'x', 'There is no list setting "no_such_setting"'],
    ['toString', 'x', 'There is no list setting "toString"'],
    ['advertised', 'perhaps', 'advertised: "perhaps" is neither yes nor no'],
    ['post_id', '0', 'post_id: 0 is less than 1'],
    ['post_id', 'three', 'post_id: "three" is not a number'],
    ['post_id', '1.5', 'post_id: "1.5" is not a whole number'],
    ['max_message_size', -1, 'max_message_size: -1 is less than 0'],
    [
      'bounce_info_stale_after',
      'soon',
      'bounce_info_stale_after: "soon" is not a span of time such as 5d, 12h or 900s',
    ],
    ['description', 'two\nlines', 'description: the text must be one line, and this one has line breaks'],
    [
      'subject_prefix',
      'a\r\nBcc: x@example.com',
      'subject_prefix: the text must be one line, and this one has line breaks',
    ],
    ['info', ['a', 'b'], 'info: ["a","b"] is not a text'],
    ['archive_policy', 'secret', 'archive_policy: "secret" is not one of never, private, public'],
    ['last_post_at', 'yesterday', 'last_post_at: "yesterday" is not a moment such as 2026-03-01T12:00:00Z'],
    ['last_post_at', '2026-13-01', 'last_post_at: "2026-13-01" is not a moment such as 2026-03-01T12:00:00Z'],
    ['reply_to_address', 'nobody', 'reply_to_address: "nobody" is not an e-mail address, or empty'],
    [
      'hold_these_nonmembers',
      ['a@example.com', 'spam'],
      'hold_these_nonmembers: "spam" is neither an e-mail address nor a regular expression with ^',
    ],
    ['acceptable_aliases', '^(?=a)', 'acceptable_aliases: "^(?=a)" looks around or back'],
    ['acceptable_aliases', '^a{1000}b{1000}', '1000 is the most, so use smaller repeat counts'],
    ['acceptable_aliases', Array(20).fill('^(a{300})'), 'instructions together; 5000 is the most'],
    ['acceptable_aliases', '^(', 'acceptable_aliases: "^(" is not a regular expression: missing closing )'],
    ['filter_types', 'no type', 'filter_types: "no type" is not a media type such as image or text/html'],
    ['pass_extensions', 'a/b', 'pass_extensions: "a/b" is not the extension of a file name such as exe'],
    [
      'linked_newsgroup',
      'comp..c',
      'linked_newsgroup: "comp..c" is not the name of a newsgroup such as comp.lang.misc, or empty',
    ],
    [
      'bounce_matching_headers',
      'from: x\nnonsense',
      'bounce_matching_headers: line 2, "nonsense", does not have the form header: regular expression',
    ],
    [
      'bounce_matching_headers',
      'from: [',
      'bounce_matching_headers: "[" is not a regular expression: missing closing ]',
    ],
    [
      'header_matches',
      'x-spam: yes',
      'header_matches: header matches are written as JSON, such as [{"header": "x-spam", "pattern": "yes", "action": "discard"}]',
    ],
    [
      'header_matches',
      [{ header: 'a' }],
      'header_matches: a header match needs the texts header and pattern',
    ],
    [
      'header_matches',
      [{ header: 'a b', pattern: 'x' }],
      'header_matches: "a b" is not the name of a header',
    ],
    [
      'header_matches',
      [{ header: 'a', pattern: 'x', action: 'burn' }],
      'header_matches: the action "burn" is not one of hold, reject, discard, accept, defer',
    ],
  ])('is refused in a sentence: %s = %j', (name, raw, sentence) => {
    expect(() => parseListSettings({ [name]: raw })).toThrow(sentence);
  });
});

describe('settings that were stored', () => {
  it('have the default where nothing, or nothing that still fits, is stored', () => {
    const read = readListSettings({
      post_id: 7,
      max_message_size: 'huge',
      archive_policy: 'removed-in-a-later-version',
      of_another_version: 1,
    });
    expect(read.post_id).toBe(7);
    expect(read.max_message_size).toBe(40);
    expect(read.archive_policy).toBe('public');
    expect(read).not.toHaveProperty('of_another_version');
  });

  it.each([[undefined], [null], ['text'], [[]]])('are the defaults when %j is stored', (stored) => {
    expect(readListSettings(stored)).toEqual(mailmanDefaults);
  });

  it('are the same when they are read again', () => {
    const once = readListSettings({ ...parseListSettings({ moderator_password: 'sesame' }), post_id: 3 });
    expect(readListSettings(once)).toEqual(once);
  });
});
