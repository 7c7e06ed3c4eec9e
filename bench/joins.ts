import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { region } from '../infra/local/names.ts';
import { systemClock } from '../lib/clock/clock.ts';
import { createList } from '../lib/lists/create.ts';
import type { MailMessage } from '../lib/queue/messages.ts';
import { sqsQueues } from '../lib/queue/sqs-queues.ts';
import { joinFlood } from '../test/harness/join-flood.ts';
import { startRelay, type TestRelay } from '../test/harness/relay.ts';
import { type Stack, startStack } from '../test/harness/stack.ts';
import { best, runs } from './measure/best-of.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, table } from './report/table.ts';

const count = 1000;
const wantedSeconds = 10;
/** As many as there are copies of the function command. */
const readers = 2;

/** Seconds of one run. */
interface Measured {
  /** From the first message on the queue until nothing is on any queue and no function runs. */
  readonly drained: number;
  /** The same messages are received and deleted, ten at a time, and nothing is done with them. */
  readonly bare: number;
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

/** Receives and deletes what is on a queue. */
const takeAll = async (sqs: SQSClient, QueueUrl: string): Promise<void> => {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return;
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
};

/** The yardstick: a queue that nobody but the bench reads. */
const drainBare = async (stack: Stack, name: string, mails: readonly MailMessage[]): Promise<number> => {
  const sqs = new SQSClient({
    region,
    endpoint: stack.endpoints.sqs,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    return await timed(async () => {
      await sqsQueues(sqs, { command: QueueUrl }).send(mails);
      await Promise.all(Array.from({ length: readers }, () => takeAll(sqs, QueueUrl)));
    });
  } finally {
    sqs.destroy();
  }
};

const measure = async (stack: Stack, relay: TestRelay, number: number): Promise<Measured> => {
  const { store, site, queues } = stack;
  const list = await createList(`run${number}@example.com`, { store, site, clock: systemClock });
  const victim = `victim${number}@example.net`;
  const mails = await joinFlood(stack, list, { victim, count });
  const drained = await timed(async () => {
    await queues.send(mails);
    await stack.idle(600_000);
  });
  const copies = relay.copies().get(victim) ?? 0;
  if (copies !== 1) throw new Error(`${victim} has ${copies} mails`);
  const bare = await drainBare(stack, `bare-${number}`, mails);
  progress(`run ${number}: drained in ${digits(drained, 1)} s, received and deleted in ${digits(bare, 1)} s`);
  return { drained, bare };
};

/** The bench `joins`: an attack that has one address join. */
export const benchJoins = async (): Promise<void> => {
  const relay = await startRelay();
  const stack = await startStack({ lmtp: false, relay: { host: '127.0.0.1', port: relay.port } });
  const all: Measured[] = [];
  try {
    for (let number = 1; number <= runs; number += 1) all.push(await measure(stack, relay, number));
  } finally {
    await stack.stop();
    await relay.close();
  }
  const { drained } = best(all, (one) => one.drained, 'least');
  const { bare } = best(all, (one) => one.bare, 'least');
  console.log(`\n${count} join mails for one address from ${count} forged senders, best of ${runs} runs\n`);
  console.log(
    table(
      ['what', 'seconds', 'mails/s'],
      [
        ['sent, decided, and nothing under way any more', digits(drained, 1), digits(count / drained, 0)],
        ['sent, received and deleted, ten at a time', digits(bare, 1), digits(count / bare, 0)],
        ['ratio', digits(drained / bare, 1), ''],
      ],
    ),
  );
  showTargets([
    {
      what: `${count} join mails drained`,
      wanted: `under ${wantedSeconds} s`,
      measured: `${digits(drained, 1)} s`,
      met: drained < wantedSeconds,
    },
  ]);
  keepResults('joins', { count, all });
};
