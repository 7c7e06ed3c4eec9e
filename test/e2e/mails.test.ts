import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkout } from '../../infra/aws/site-file.ts';
import { withCrlf } from '../../lib/mail/line-ends.ts';
import { type Received, startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { openSession } from './mail-session.ts';
import { makeList } from './make-list.ts';
import { needFile } from './needs.ts';
import { shunted } from './shunted.ts';

// 404 real and malformed mails, each posted by a member through the whole stack. They are read where they lie, since their
// licences are not ours.

const mails = resolve(checkout, '../shared/mails');
needFile(join(mails, 'manifest.json'), 'the sample mails beside the checkout');
const { samples } = z
  .object({
    samples: z.array(
      z.object({ file: z.string(), bytes: z.number(), bodyOffset: z.number(), bodySha256: z.string() }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(mails, 'manifest.json'), 'utf8')));
type Sample = (typeof samples)[number];

const author = 'anne@example.org';
const members = [author, 'bart@example.org'];

/** A list that lets everything through, and changes nothing. */
const open = {
  max_message_size: 0,
  max_num_recipients: 0,
  require_explicit_destination: false,
  administrivia: false,
  bounce_matching_headers: '',
  default_member_action: 'accept',
  subject_prefix: '',
};

/** Each sample has a list of its own, by whose bounces address its copies are known. */
const listOf = (sample: Sample): string => `l${samples.indexOf(sample)}@example.com`;

/** Sent to everyone besides, so that no recipient of a transaction is the only one. */
const common = 'all@example.com';

const crlf = Buffer.from('\r\n');
const ended = (bytes: Buffer): Buffer =>
  bytes.length === 0 || bytes.subarray(-2).equals(crlf) ? bytes : Buffer.concat([bytes, crlf]);

/** What the gateway says to a mail without a header block. */
const unreadable = 'refused: 550 5.6.0 Error: the header block of the message cannot be read';

/** Every mail that does not reach the members, and what becomes of it. All others are delivered. */
const ends: Readonly<Record<string, string>> = {
  // The first line is no header field, and nothing before it is: these are text, a file of Outlook, and a mailbox.
  'eml/cpython-020.eml': unreadable,
  'eml/enmime-028.eml': unreadable,
  'eml/mime4j-062.eml': unreadable,
  'eml/mimekit-032.eml': unreadable,
  'eml/mimekit-072.eml': unreadable,
  'eml/spamscope-004.eml': unreadable,
  // The first line is one of blanks alone, as a page that shows mail once printed it; no mail server sends that.
  'eml/flanker-019.eml': unreadable,
  'eml/flanker-020.eml': unreadable,
  'eml/flanker-021.eml': unreadable,
  'eml/flanker-022.eml': unreadable,
  'eml/flanker-023.eml': unreadable,
  'eml/php-mime-mail-parser-025.eml': unreadable,
  'eml/php-mime-mail-parser-026.eml': unreadable,
};

interface Sent {
  readonly sample: Sample;
  /** The replies for its own list, for the common one and for one that does not exist. */
  readonly replies: readonly string[];
}

let relay: TestRelay;
let stack: Stack;
let sent: readonly Sent[];

const send = async (own: readonly Sample[]): Promise<readonly Sent[]> => {
  const session = await openSession(stack.lmtpPort, 'lmtp');
  const done: Sent[] = [];
  for (const sample of own) {
    const recipients = [listOf(sample), common, 'nobody@example.com'];
    const content = readFileSync(join(mails, sample.file));
    // The wire has no other line ends than CRLF; the samples have what their authors gave them.
    done.push({ sample, replies: await session.send(author, recipients, withCrlf(content)) });
  }
  await session.close();
  return done;
};

beforeAll(async () => {
  relay = await startRelay();
  stack = await startStack({ relay: { host: '127.0.0.1', port: relay.port } });
  await makeList(stack, common, members, open);
  for (const sample of samples) await makeList(stack, listOf(sample), members, open);
  sent = (
    await Promise.all([0, 1, 2, 3].map((client) => send(samples.filter((_, n) => n % 4 === client))))
  ).flat();
  await stack.idle(900_000);
}, 1_200_000);

afterAll(async () => {
  await stack?.stop();
  await relay?.close();
});

const copiesOf = (sample: Sample): readonly Received[] =>
  relay.received.filter(({ sender }) => sender === listOf(sample).replace('@', '-bounces@'));

/** What a mail ended as, with the reason when it did not reach the members. */
const endOf = async ({ sample, replies: [reply = ''] }: Sent): Promise<string> => {
  const id = / accepted as (\S+)$/.exec(reply)?.[1];
  if (!reply.startsWith('250') || id === undefined) return `refused: ${reply}`;
  const record = await stack.store.mails.get(id);
  if (record === undefined) return 'nothing';
  if (record.disposition !== 'accepted') return `${record.disposition}: ${record.reason}`;
  const got = copiesOf(sample).map(({ recipients }) => [...recipients].sort().join(' '));
  return got.join(', ') === members.join(' ')
    ? 'delivered'
    : `accepted, and delivered to (${got.join(', ')})`;
};

describe('404 real and malformed mails', () => {
  it('are answered for each recipient: both lists alike, and 550 for one that does not exist', () => {
    expect(sent).toHaveLength(404);
    for (const { sample, replies } of sent) {
      const [own = '', other = '', nobody = ''] = replies;
      expect(own.slice(0, 3), sample.file).toMatch(/^(250|5\d\d)$/);
      expect(other.slice(0, 3), sample.file).toBe(own.slice(0, 3));
      expect(nobody, sample.file).toBe('550 5.1.1 Requested action not taken: mailbox unavailable');
    }
  });

  it('end as exactly one of refused, held, discarded and delivered', async () => {
    const found: Record<string, string> = {};
    for (const one of sent) {
      const end = await endOf(one);
      if (end !== 'delivered') found[one.sample.file] = end;
    }
    expect(found).toEqual(ends);
  });

  it('kill nothing, and leave nothing in the shunt', async () => {
    expect(await shunted(stack)).toEqual([]);
    expect(stack.problems).toEqual([]);
  });

  it.each(samples.filter(({ file }) => !(file in ends)))('$file keeps its body', (sample) => {
    const { file, bodyOffset, bodySha256 } = sample;
    const content = readFileSync(join(mails, file));
    const raw = content.subarray(bodyOffset);
    expect(createHash('sha256').update(raw).digest('hex')).toBe(bodySha256);
    const body = ended(withCrlf(raw));
    const before = withCrlf(content.subarray(0, bodyOffset));
    const [copy, ...more] = copiesOf(sample);
    expect(more).toEqual([]);
    const message = copy?.message ?? Buffer.alloc(0);
    const header = message.subarray(0, message.length - body.length);
    expect(message.subarray(header.length).equals(body)).toBe(true);
    // The header still ends where it ended: by a blank line, or by a line that was no field.
    const end = before.subarray(-4).toString() === '\r\n\r\n' ? '\r\n\r\n' : '\r\n';
    expect(header.subarray(-end.length).toString()).toBe(end);
  });
});
