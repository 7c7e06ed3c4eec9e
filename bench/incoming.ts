import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { arrivedKey } from '../lib/blobs/keys.ts';
import { systemClock } from '../lib/clock/clock.ts';
import { readSite } from '../lib/config/site.ts';
import type { DmarcLookup } from '../lib/dmarc/dmarc-lookup.ts';
import { createList } from '../lib/lists/create.ts';
import type { MailingList } from '../lib/lists/list.ts';
import { mailLogTo } from '../lib/maillog/mail-log.ts';
import { addMembers } from '../lib/members/add-members.ts';
import type { MailMessage } from '../lib/queue/messages.ts';
import { decideOn } from '../lib/runners/decision.ts';
import { runIncoming } from '../lib/runners/incoming.ts';
import { openStore } from '../lib/store/dynamo-store.ts';
import { type Emulators, startEmulators } from '../test/harness/emulators.ts';
import { newPost } from './load/post-once.ts';
import { best, runs } from './measure/best-of.ts';
import { startMeter } from './price/aws-meter.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, table } from './report/table.ts';

const decisions = 5000;
const posts = 500;
const mostUnits = 12;
const mostItems = 6;
const author = 'm0@example0.org';
const account = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;
const dmarc: DmarcLookup = (domain) => Promise.resolve({ kind: 'none', domain });

/** What one run came to. */
interface Measured {
  /** Decisions in a second of one processor, with everything that the store would answer at hand. */
  readonly decisionsPerSecond: number;
  /** From the message to the end of its invocation, one after the other, against emulators in the same process. */
  readonly millisecondsPerPost: number;
  readonly readUnits: number;
  readonly requests: number;
}

const messageOf = (list: MailingList, id: string, bytes: Buffer): MailMessage => ({
  v: 1,
  type: 'mail',
  queue: 'in',
  id,
  listid: list.list_id,
  blob: arrivedKey(id),
  messageId: `<${id}@bench.example>`,
  envelope: { sender: author, recipient: `${list.list_name}@${list.mail_host}` },
  metadata: { original_size: bytes.length, received_time: new Date().toISOString(), to_list: true },
});

const site = readSite();

/** A post of 4 KB with three sender headers, as a member writes it. */
const postTo = (list: MailingList, number: string): Buffer =>
  Buffer.from(
    `Reply-To: anne@home.example\r\nSender: office@example0.org\r\n${newPost(`${list.list_name}@${list.mail_host}`, number)}`,
  );

/** How fast it is decided when nothing has to be fetched. */
const decideOnly = async ({ store }: Emulators, list: MailingList): Promise<number> => {
  const bytes = postTo(list, 'decided');
  const message = messageOf(list, 'decided', bytes);
  const member = await store.members.get(list.list_id, 'member', author);
  const known = member === undefined ? [] : [member];
  const ports = {
    store: {
      members: { ...store.members, getMany: () => Promise.resolve(known) },
      bans: { ...store.bans, read: () => Promise.resolve({ list: [], site: [] }) },
    },
    clock: systemClock,
    dmarc,
  };
  const began = performance.now();
  for (let count = 0; count < decisions; count += 1) {
    const { disposition } = await decideOn({ message, bytes, list, site }, ports);
    if (disposition !== 'accepted') throw new Error(`The post was ${disposition}`);
  }
  return decisions / ((performance.now() - began) / 1000);
};

const measure = async (emulators: Emulators, name: string): Promise<Measured> => {
  const { blobs, queues, table: tableName } = emulators;
  const context = { store: emulators.store, site, clock: systemClock };
  const list = await createList(`${name}@example.com`, context);
  await addMembers(context, list, [author]);
  const decisionsPerSecond = await decideOnly(emulators, list);

  const meter = await startMeter();
  meter.standBefore({ sqs: emulators.endpoint, s3: emulators.endpoint, dynamodb: emulators.dynamoEndpoint });
  const metered = new DynamoDBClient({ ...account, endpoint: meter.endpoints.dynamodb });
  const log = mailLogTo(() => {});
  const ports = { store: emulators.store, blobs, queues, clock: systemClock, site, log, dmarc };
  try {
    const messages = await Promise.all(
      Array.from({ length: posts + 1 }, async (_, number) => {
        const id = `${name}-${number}`;
        const bytes = postTo(list, id);
        await blobs.put(arrivedKey(id), bytes);
        return messageOf(list, id, bytes);
      }),
    );
    const [first, ...rest] = messages;
    if (first === undefined) throw new Error('There are no posts');
    // The first one also opens connections; what it reads is counted, and the time of the others is taken without the meter between.
    meter.read();
    await runIncoming(first, { ...ports, store: openStore(metered, tableName) });
    const { readUnits, requests } = meter.read();
    const began = performance.now();
    for (const message of rest) await runIncoming(message, ports);
    return {
      decisionsPerSecond,
      millisecondsPerPost: (performance.now() - began) / rest.length,
      readUnits,
      requests,
    };
  } finally {
    metered.destroy();
    await meter.stop();
  }
};

/** The bench `incoming`: how fast it is decided what becomes of a post, and what is read for it. */
export const benchIncoming = async (): Promise<void> => {
  const emulators = await startEmulators();
  const all: Measured[] = [];
  try {
    for (let number = 1; number <= runs; number += 1) {
      const measured = await measure(emulators, `run${number}`);
      all.push(measured);
      progress(
        `run ${number}: ${digits(measured.decisionsPerSecond, 0)} decisions/s, ${digits(measured.millisecondsPerPost, 1)} ms a post, ${measured.readUnits} read units`,
      );
    }
  } finally {
    await emulators.close();
  }
  const fastest = best(all, (one) => one.decisionsPerSecond, 'most');
  const least = best(all, (one) => one.millisecondsPerPost, 'least');
  console.log(`\nposts of 4 KB by a member, three sender headers, best of ${runs} runs\n`);
  console.log(
    table(
      ['what', 'value'],
      [
        ['decisions a second, nothing fetched', digits(fastest.decisionsPerSecond, 0)],
        ['ms for a post, warm, emulators in the same process', digits(least.millisecondsPerPost, 2)],
        ['read units for a post', digits(least.readUnits, 1)],
        ['requests to DynamoDB for a post', String(least.requests)],
      ],
    ),
  );
  showTargets([
    {
      what: 'read for a post by a member',
      wanted: `at most ${mostItems} items and ${mostUnits} units`,
      // A consistent read of an item takes at least one unit, so the units bound the items.
      measured: `${digits(least.readUnits, 1)} units`,
      met: least.readUnits <= mostItems,
    },
  ]);
  keepResults('incoming', { decisions, posts, all });
};
