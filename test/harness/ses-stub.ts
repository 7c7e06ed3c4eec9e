import { SESClient } from '@aws-sdk/client-ses';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import type { AccountState, Fate } from '../../infra/local/emulators/ses/account.ts';
import { controlPath } from '../../infra/local/emulators/ses/control.ts';
import { startSes } from '../../infra/local/emulators/ses/server.ts';
import { makeTopics } from '../../infra/local/resources/topics.ts';
import { startRelay, type TestRelay } from './relay.ts';

/** A stub of Amazon SES that runs beside a test, with the relay that it hands mail on to and the queue that its events arrive on. */
export interface SesBench {
  readonly endpoint: string;
  readonly control: SesControl;
  readonly client: SESClient;
  readonly relay: TestRelay;
  /** The next event on the queue, as SES wrote it. */
  readonly event: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** What a stub of SES is told. */
export interface SesControl {
  /** Tells it something: the path under its control, and the body. */
  readonly tell: (path: string, body: object) => Promise<unknown>;
  readonly account: (changes?: Partial<AccountState>) => Promise<unknown>;
  readonly fate: (recipient: string, fate: Fate | null) => Promise<unknown>;
  readonly happen: (recipient: string, event: Fate) => Promise<unknown>;
  readonly mails: () => Promise<unknown>;
  /** The calls to send that were not taken. */
  readonly refused: () => Promise<unknown>;
}

/** Tells a stub of SES what to do, by the address of its control. */
export const sesControl = (url: string): SesControl => {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${url}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said: unknown = await answer.json();
    if (!answer.ok) throw new Error(`The stub of SES does not do ${path}: ${JSON.stringify(said)}`);
    return said;
  };
  return {
    tell: ask,
    account: (changes) => ask('account', changes),
    fate: (recipient, fate) => ask('fates', { recipient, fate }),
    happen: (recipient, event) => ask('events', { recipient, event }),
    mails: () => ask('mails'),
    refused: () => ask('refused'),
  };
};

/** The names that the stub of the bench knows. */
export const verified = { domain: 'lists.example.com', mailFrom: 'bounce.lists.example.com' };
export const configurationSet = 'SesConfigurationSet';

const account = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

/** Starts it all on free ports of the loopback. */
export const startSesBench = async (): Promise<SesBench> => {
  const app = buildApp({ logger: false, defaultRegion: account.region });
  const sqsEndpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const sqs = new SQSClient({ ...account, endpoint: sqsEndpoint });
  await sqs.send(new CreateQueueCommand({ QueueName: 'BouncesQueue' }));
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:SesEventTopic';
  await makeTopics(sqsEndpoint, [
    {
      topicName: 'SesEventTopic',
      topicArn,
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:BouncesQueue',
      raw: true,
    },
  ]);
  const relay = await startRelay();
  const stub = await startSes({
    domains: [verified],
    configurationSet,
    topic: { endpoint: sqsEndpoint, arn: topicArn },
    nextHop: { host: '127.0.0.1', port: relay.port },
  });
  const endpoint = `http://127.0.0.1:${stub.port}`;
  // The SDK would try again what is throttled, and a test wants to see it.
  const client = new SESClient({ ...account, endpoint, maxAttempts: 1 });
  const QueueUrl = `${sqsEndpoint}/000000000000/BouncesQueue`;
  return {
    endpoint,
    control: sesControl(`${endpoint}${controlPath}`),
    client,
    relay,
    event: async () => {
      const { Messages: [message] = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }),
      );
      if (message === undefined) return undefined;
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return JSON.parse(message.Body ?? '');
    },
    close: async () => {
      client.destroy();
      sqs.destroy();
      await stub.close();
      await relay.close();
      await app.close();
    },
  };
};
