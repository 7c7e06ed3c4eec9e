import { startChains } from '../chains/chain-names.ts';
import { headerLines } from '../settings/header-lines.ts';
import {
  decimal,
  duration,
  flag,
  inAnyCase,
  integer,
  oneOf,
  optional,
  text,
  textLike,
  texts,
} from '../settings/setting.ts';

/**
 * Every site setting, by section and key. Sections and keys bear Mailman's names where Mailman has them
 * (mailman-behaviour.md, section 22); the sections after `devmode` are Belfry's own. They live in `cdk.json` under
 * `context.belfry`, are validated at synth, and reach the functions as the environment variable `BELFRY_SITE`.
 */
export const siteSettings = {
  mailman: {
    site_owner: textLike(
      'changeme@example.com',
      'Who is told what no list owner can be told: alarms, mail to the owner address of a list without owners.',
      { pattern: /^[^\s@]+@[^\s@]+$/, says: 'an e-mail address' },
    ),
    noreply_address: text('noreply', 'The local part of each domain that sends mail nobody should answer.'),
    listname_chars: textLike(
      '[-_.0-9a-z]',
      'The characters that the name of a list may have, as a character class.',
      {
        pattern: /^\[.+\]$/,
        says: 'a character class in square brackets',
      },
    ),
    sender_headers: texts(
      ['from', 'from_', 'reply-to', 'sender'],
      'Where the senders of a post are looked for, in this order; `from_` is the envelope sender.',
    ),
    default_posting_chain: oneOf(
      startChains,
      'default-posting-chain',
      'The chain of rules for posts of all lists that name no other one than default-posting-chain.',
    ),
    chain_order: oneOf(
      ['3.3.8', '3.3.10'],
      '3.3.8',
      'The order of rules in default-posting-chain. Mailman 3.3.10 asks loop, banned-address and header-match before emergency and member-moderation.',
    ),
    email_commands_max_lines: integer(10, 'How many lines at the top of a mail are looked at for commands.'),
    pending_request_life: duration(
      '3d',
      'How long somebody who wants to join or to leave, or who is invited, has to confirm it.',
      { min: 1 },
    ),
    moderator_request_life: duration(
      '180d',
      'How long a request to join or to leave waits for a moderator. After that it is gone without a word.',
      { min: 1 },
    ),
    max_confirmations_per_hour: integer(
      5,
      'How many mails about joining and leaving one address gets in an hour because of what strangers send, on all lists together; 0: any number.',
    ),
    hold_digest: flag(false, 'Whether a post that quotes a digest waits for a moderator.'),
    masthead_threshold: integer(
      4,
      'How many lines of the masthead of a digest make a post one that quotes a digest.',
      { min: 1 },
    ),
  },
  antispam: {
    header_checks: headerLines(
      '',
      'Lines of the form `header: regular expression` for the posts of all lists. What happens to one that matches is in `antispam.jump_chain`.',
    ),
    jump_chain: oneOf(
      ['hold', 'reject', 'discard', 'accept'],
      'hold',
      'The chain for posts that match `antispam.header_checks`, or a header match of a list that names no action.',
    ),
  },
  mta: {
    smtp_host: text(
      '',
      'The host of the SMTP relay that delivers. Must be set unless `delivery.transport` is ses.',
    ),
    smtp_port: integer(587, 'The port of the relay. Port 25 leaves AWS only on request to AWS.', {
      min: 1,
      max: 65535,
    }),
    smtp_secure_mode: inAnyCase(
      oneOf(
        ['smtp', 'starttls', 'smtps'],
        'starttls',
        'How the connection to the relay is protected: not at all, by STARTTLS right after connecting, or by TLS from the start.',
      ),
    ),
    smtp_verify_cert: flag(true, 'Whether the certificate of the relay must be valid.'),
    smtp_verify_hostname: flag(true, 'Whether the certificate of the relay must name its host.'),
    smtp_credentials: text(
      '',
      'The name or ARN of the secret in AWS Secrets Manager that holds {"user": ..., "password": ...} for the relay. Empty: no login.',
    ),
    max_recipients: integer(
      100,
      'The most recipients in one transaction with the relay: the least that RFC 5321, section 4.5.3.1.8, grants.',
      { min: 1, max: 1000 },
    ),
    max_sessions_per_connection: integer(
      0,
      'After how many transactions a connection is opened anew; 0: never by number.',
    ),
    delivery_retry_period: duration(
      '5d',
      'How long after the first attempt delivery to a deferred recipient is tried.',
    ),
    max_autoresponses_per_day: integer(
      10,
      'How many notices of waiting posts one address gets from one list in a day, and how many answers to commands; one more notice says that there are no more; 0: any number.',
    ),
    verp_delimiter: textLike('+', 'What parts the name of a list from the detail in a local part.', {
      // A hyphen would cut LIST-bounces itself in two.
      pattern: /^[+=_]$/,
      says: 'one of + = _',
    }),
    verp_format: textLike(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Mailman's placeholders look like those of a template.
      '${bounces}+${local}=${domain}',
      'The local part of the envelope sender for one recipient, of the local part of the -bounces address and the local part and domain of the recipient, in this order. After the first must come `mta.verp_delimiter`.',
      {
        pattern: /^\$(?:bounces|\{bounces\})[^$]+\$(?:local|\{local\})[^$]+\$(?:domain|\{domain\})[^$]*$/,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the same.
        says: 'a text with ${bounces}, ${local} and ${domain} in this order, each followed by something but the last',
      },
    ),
    verp_personalized_deliveries: flag(
      false,
      'Whether posts of lists that personalize leave with VERP senders.',
    ),
    verp_probes: flag(
      false,
      'Whether a member whose score reaches the threshold is probed first, and disabled only when the probe comes back.',
    ),
    verp_probe_format: textLike(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Mailman's placeholders look like those of a template.
      '${bounces}+${token}',
      'The local part of the envelope sender of a probe, of the local part of the -bounces address and a token. Between them must stand `mta.verp_delimiter`, and may stand more.',
      {
        pattern: /^\$(?:bounces|\{bounces\})[-!#%&'*+./0-9=?A-Z^_`a-z|~]+\$(?:token|\{token\})$/,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the same.
        says: 'a text with ${bounces} and ${token} in this order, with text between them that an address may have',
      },
    ),
    verp_delivery_interval: integer(
      0,
      'Every how many posts one leaves with VERP senders; 0: never, 1: always.',
    ),
  },
  devmode: {
    enabled: flag(
      false,
      'Whether every mail is delivered to `devmode.recipient` in place of its recipients.',
    ),
    recipient: text('', 'The one address that gets all mail in development mode.'),
  },
  gateway: {
    hostname: text('', 'The name by which the gateway greets; empty: the name of the machine.'),
    size_limit: integer(33_554_432, 'The largest mail that is accepted, in bytes (Mailman: 32 MiB).', {
      min: 1024,
    }),
    max_recipients: integer(
      1000,
      'The most recipients in one LMTP transaction; the MTA sends the rest in another.',
    ),
    max_sessions: integer(200, 'The most LMTP sessions at once in one gateway.', { min: 1 }),
    idle_timeout: duration(
      '300s',
      'After how long without a command a session is closed (RFC 5321, section 4.5.3.2.7).',
    ),
    refuse_unknown_at: oneOf(
      ['rcpt', 'data'],
      'rcpt',
      'When an unknown recipient is refused: at RCPT, or in its reply after DATA as the older LMTP server of Mailman did.',
    ),
    exists_cache: duration(
      '5s',
      'How long the gateway remembers that a list exists. That one is unknown is never remembered.',
    ),
    spool_threshold: integer(
      262_144,
      'Mails above this size are spooled to disk while they arrive, in bytes.',
    ),
    memory_limit: integer(
      67_108_864,
      'How much mail may be held in memory at once, in bytes; beyond it DATA is answered 452 4.3.1.',
    ),
    health_port: integer(8025, 'The port on which the load balancer asks whether the gateway is well.', {
      min: 0,
      max: 65535,
    }),
    exposure: oneOf(
      ['internal', 'internet'],
      'internal',
      'Who can reach the load balancer: the VPC and what is peered with it, or the clients listed in `gateway.clients` over the internet.',
    ),
    clients: texts(
      [],
      'The networks (CIDR) of the mail servers that may connect. With exposure internal, empty means the whole VPC.',
    ),
    tls_secret: text(
      '',
      'The name or ARN of the secret that holds {"cert": PEM, "key": PEM}. With it the gateway offers STARTTLS; exposure internet demands it.',
    ),
    cpu: integer(256, 'The CPU units of one gateway task; 256 is a quarter of a core.'),
    memory: integer(512, 'The memory of one gateway task in MiB.'),
    tasks: integer(2, 'How many gateway tasks run; two survive the loss of a zone.', { min: 1 }),
  },
  delivery: {
    transport: oneOf(
      ['relay', 'ses'],
      'relay',
      'Who delivers: the SMTP relay of the `mta` section, or Amazon SES.',
    ),
    relay_network: oneOf(
      ['public', 'vpc', 'fixed-address'],
      'public',
      'Where the relay is reached: over the internet with a login, in the VPC, or from a fixed address through a NAT.',
    ),
    relay_insist_port_25: flag(
      false,
      'Whether port 25 is meant although AWS blocks it until it is asked not to.',
    ),
    chunk_size: integer(200, 'How many recipients one chunk has at most.', { min: 1, max: 200 }),
    connections: integer(5, 'How many connections one function opens in individual delivery.', {
      min: 1,
      max: 20,
    }),
    reply_timeout: duration('60s', 'How long a reply of the relay is awaited.', { min: 1, max: 600 }),
    dot_timeout: duration(
      '120s',
      'How long the reply to the end of the data is awaited (RFC 5321 allows up to 600 s).',
      {
        min: 1,
        max: 600,
      },
    ),
    retry_delay: duration(
      '900s',
      'How long a deferred recipient waits for the next attempt (SQS delays 900 s at most).',
      {
        min: 0,
        max: 900,
      },
    ),
    lease_margin: duration('30s', 'How long after its deadline a function still owns its chunk.'),
  },
  retention: {
    posts: duration('30d', 'How long the bytes, rosters and ledgers of finished posts are kept.', {
      min: 86_400,
    }),
    arrivals: duration('7d', 'How long a repeated arrival is recognised at the door.'),
    message_ids: duration(
      '365d',
      'How long it is remembered which post a Message-ID that Amazon SES gave stands for, so that answers find their thread.',
    ),
    logs: integer(30, 'How many days logs are kept; one of the periods that CloudWatch Logs offers.'),
  },
  functions: {
    timeout: duration('30s', 'The time limit of every function but outgoing.', { min: 1, max: 900 }),
    visibility: duration(
      '180s',
      'For how long a message is hidden while such a function has it (AWS advises 6 times the limit).',
    ),
    outgoing_timeout: duration('180s', 'The time limit of the function outgoing.', { min: 1, max: 900 }),
    outgoing_visibility: duration(
      '210s',
      'For how long a message is hidden while the function outgoing has it.',
    ),
    max_receives: integer(
      5,
      'After how many failed tries a message becomes a dead letter, and then a shunt item.',
      { min: 1 },
    ),
    memory: integer(512, 'The memory of each function in MiB.', { min: 128 }),
    concurrency: integer(2, 'How many copies of each function run at once; AWS allows no less than 2.', {
      min: 2,
      max: 1000,
    }),
    outgoing_concurrency: integer(2, 'How many copies of the function outgoing run at once, per queue.', {
      min: 2,
      max: 1000,
    }),
    reserved_concurrency: optional(
      integer(2, 'Concurrency reserved for each function; nothing: none is reserved.'),
    ),
  },
  dns: {
    servers: texts(
      [],
      'The DNS servers that are asked for DMARC policies, as address or address:port; none: those of the system.',
    ),
    timeout: duration('3s', 'How long one server is waited for.', { min: 0.05, max: 20 }),
    lifetime: duration(
      '5s',
      'How long DNS is asked for one post; after that its policy counts as one that forbids.',
      { min: 0.05, max: 20 },
    ),
  },
  network: {
    vpc: optional(text('', 'The id of an existing VPC for the gateway; nothing: one of its own is made.')),
    vpc_cidr: text('10.86.0.0/16', 'The addresses of the own VPC, or of the existing one.'),
    availability_zones: texts([], 'The zones of the existing VPC.'),
    public_subnets: texts([], 'The public subnets of the existing VPC, one for each zone.'),
    private_subnets: texts(
      [],
      'The private subnets of the existing VPC, for functions that reach a relay there.',
    ),
  },
  security: {
    customer_key: text(
      '',
      'The ARN of a KMS key of yours that encrypts everything at rest. Empty: the keys of AWS.',
    ),
  },
  alarms: {
    oldest_message: duration(
      '900s',
      'How old the oldest message of a queue may get before the site owner is alarmed.',
    ),
  },
  web: {
    enabled: flag(
      true,
      'Whether there are web pages that mails link to. If not, people confirm, leave and decide by mail alone, and posts offer no leaving by one click.',
    ),
    url: textLike(
      '',
      'Where the web pages are that mails link to, such as https://lists.example.com: a domain of yours in front of them. Empty: the URL that AWS gives them.',
      {
        pattern: /^$|^https:\/\/[^\s/?#<>"]+(?:\/[^\s/?#<>"]+)*$/,
        says: 'an https:// URL without a slash at its end',
      },
    ),
    patience: duration(
      '5s',
      'How long a page waits to tell what came of a decision on a post, before it says that it is on its way.',
      { max: 20 },
    ),
  },
  ses: {
    domains: texts(
      [],
      'The mail domains of the lists, when `delivery.transport` is ses: each becomes an identity of Amazon SES, and mail leaves from no other.',
    ),
    mail_from: textLike(
      'bounce',
      'The label that is put before each of `ses.domains` for its MAIL FROM domain: a name of its own that receives no other mail.',
      { pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, says: 'a label of a domain name, such as bounce' },
    ),
    share: decimal(0.9, 'The share of the sending rate of the account that Belfry uses.', {
      min: 0.01,
      max: 1,
    }),
  },
} as const;
