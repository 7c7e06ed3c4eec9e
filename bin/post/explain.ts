import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { ChainResult, ChainStep } from '../../lib/chains/chain.ts';
import { dmarcLookup } from '../../lib/dmarc/dmarc-lookup.ts';
import { nodeResolver } from '../../lib/dmarc/txt-resolver.ts';
import { listAddress, type MailingList, postingAddress } from '../../lib/lists/list.ts';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { withCrlf } from '../../lib/mail/line-ends.ts';
import { sendersOf } from '../../lib/mail/senders.ts';
import { chainOf, decideOn } from '../../lib/runners/decision.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';

const ends: Readonly<Partial<Record<ChainResult['disposition'], string>>> = {
  accepted: 'It would be accepted, and go to the members.',
  held: 'It would be held for a moderator.',
  rejected: 'It would be sent back to its author.',
  discarded: 'It would be dropped without a word.',
};

/** What follows from a step, when anything does. */
const consequence = ({ link, result }: ChainStep): string => {
  if (!result.hit) return '';
  switch (link.action) {
    case 'jump':
      return ` -> ${link.chain}`;
    case 'detour':
      return ` -> ${link.chain}, and back`;
    case 'defer':
      return ' (noted)';
    case 'stop':
      return ' -> end';
    case 'run':
      return '';
  }
};

/** Steps that only lead on say nothing to a person. */
const tells = ({ recorded, result }: ChainStep): boolean => recorded || result.reason !== undefined;

const stepRow = (step: ChainStep): readonly string[] => [
  step.rule,
  step.result.hit ? 'hit' : 'miss',
  `${step.result.reason ?? step.result.missed ?? ''}${consequence(step)}`.trim(),
];

const report = (list: MailingList, chain: string, senders: readonly string[], result: ChainResult) => ({
  list_id: list.list_id,
  chain,
  senders,
  disposition: result.disposition,
  decided_by: result.chain,
  reasons: result.reasons,
  rule_hits: result.hits,
  rule_misses: result.misses,
  steps: result.steps.map(({ chain: within, rule, recorded, link, result: { hit, reason, missed } }) => ({
    chain: within,
    rule,
    recorded,
    hit,
    why: reason ?? missed ?? null,
    action: link.action,
  })),
  metadata: result.metadata,
});

/** `post explain` */
export const verb: Verb = {
  summary: 'Tell what would become of a mail, rule by rule, without doing it.',
  usage: 'LIST < MAIL',
  details:
    'The mail is read from standard input. Nothing is written, and nobody is told. DMARC policies are asked of the DNS of this machine,\nunless the site names another one.',
  examples: [
    ['post explain ant@example.com < mail.eml', 'Tell what would become of a post.'],
    [
      'post explain ant@example.com --sender anne@example.org < mail.eml',
      'Tell it with the sender that the mail server would name.',
    ],
  ],
  options: {
    sender: { takes: 'ADDRESS', doc: 'The envelope sender (none unless given).' },
    owner: { doc: 'As mail to the -owner address of the list.' },
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const bytes = withCrlf(await buffer(process.stdin));
    if (bytes.length === 0) throw new CommandError('There is no mail on standard input');
    const sender = options.text('sender') ?? '';
    const { store, clock, place } = await connect();
    const { site } = place;
    const list = await findList(store, name);
    const metadata = {
      original_size: bytes.length,
      received_time: clock.now().toISOString(),
      ...(options.flag('owner') ? { to_owner: true as const } : { to_list: true as const }),
    };
    const recipient = options.flag('owner') ? listAddress(list, 'owner') : postingAddress(list);
    const message = { id: randomUUID(), envelope: { sender, recipient }, metadata };
    const dmarc = dmarcLookup({ resolver: nodeResolver(site.dns), clock, lifetime: site.dns.lifetime });
    const { members, bans } = store;
    const result = await decideOn({ message, bytes, list, site }, { store: { members, bans }, clock, dmarc });
    const senders = sendersOf(parseHeaderBlock(bytes), sender, site.mailman.sender_headers);
    const chain = chainOf(metadata, list, site);
    out.result(
      report(list, chain, senders, result),
      [
        columns([
          ['list', recipient],
          ['senders', senders.length === 0 ? '-' : [...new Set(senders)].join(', ')],
          ['chain', chain],
        ]),
        '',
        columns(result.steps.filter(tells).map(stepRow)),
        '',
        ends[result.disposition] ?? '',
      ]
        .filter((part, index, parts) => part !== '' || parts[index - 1] !== '')
        .join('\n'),
    );
  },
};
