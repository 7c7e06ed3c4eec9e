import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { decoded, parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { Member } from '../../lib/members/member.ts';
import { noLinks } from '../../lib/notices/links.ts';
import type { SubscriptionMessage } from '../../lib/queue/messages.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { SubscriptionOutcome } from '../../lib/subscriptions/outcome.ts';
import type { SubscriptionPorts } from '../../lib/subscriptions/ports.ts';
import { startEmulators } from '../harness/emulators.ts';

/** A mail of ours as it was written, and whom it goes to. */
export interface Written {
  readonly kind: string;
  readonly to: readonly string[];
  readonly header: (name: string) => string;
  readonly text: string;
  readonly verp: boolean | undefined;
}

/** The error with which a process dies in these tests. */
export class Death extends Error {
  override readonly name = 'Death';
}

/** The runner of subscriptions on the emulators, with a clock that goes when it is told to. */
export const openWorld = async (overrides: SiteOverrides = {}) => {
  const emulators = await startEmulators();
  const { store, blobs, queues } = emulators;
  const site = readSite({ ...overrides, mailman: { site_owner: 'site@example.net', ...overrides.mailman } });
  let now = Date.parse('2026-11-21T12:00:00.000Z');
  const clock = { now: () => new Date(now) };
  const lines: string[] = [];
  const log = mailLogTo((line) => lines.push(line));
  const ports: SubscriptionPorts = { store, blobs, queues, clock, site, log, links: noLinks };
  const clients: DynamoDBClient[] = [];
  let lists = 0;
  let wishes = 0;

  const list = (settings: Readonly<Record<string, unknown>> = {}): Promise<MailingList> =>
    createList(`ant${++lists}@example.com`, { store, site, clock }, { settings });

  const member = async (
    { list_id }: MailingList,
    email: string,
    over: Partial<Member> = {},
  ): Promise<Member> => {
    const made: Member = {
      member_id: `${over.role ?? 'member'} ${email}`,
      role: 'member',
      display_name: '',
      subscribed_at: clock.now().toISOString(),
      ...over,
      list_id,
      email,
    };
    await store.members.add(made);
    return made;
  };

  const wish = (
    { list_id }: MailingList,
    over: Partial<SubscriptionMessage> & Pick<SubscriptionMessage, 'deed'>,
  ): SubscriptionMessage => ({
    v: 1,
    type: 'subscription',
    queue: 'command',
    id: `wish-${++wishes}`,
    listid: list_id,
    by: over.email ?? 'somebody@example.org',
    at: clock.now().toISOString(),
    ...over,
  });

  /** The mails that were written since this was asked last; one that was sent on its way twice is there once. */
  const mails = async (): Promise<readonly Written[]> => {
    const found = new Map<string, Written>();
    for (const message of await emulators.receive('pipeline')) {
      const record = await store.mails.get(message.id);
      if (record === undefined) throw new Error(`There is no record of ${message.id}`);
      const bytes = (await blobs.get(record.blob)) ?? Buffer.alloc(0);
      const block = parseHeaderBlock(bytes);
      found.set(message.id, {
        kind: record.reason?.replace(/^.*?: (.*)\.$/, '$1') ?? '',
        to: record.metadata.recipients ?? [],
        header: (name) => {
          const field = block.fields.find(({ key }) => key === name.toLowerCase());
          return field === undefined ? '' : decoded(field);
        },
        text: bytes.toString(),
        verp: record.metadata.verp,
      });
    }
    return [...found.values()];
  };

  const run = (message: SubscriptionMessage): Promise<SubscriptionOutcome> => runSubscription(message, ports);

  return {
    ...emulators,
    site,
    ports,
    lines,
    list,
    member,
    wish,
    mails,
    run,
    /** Wishes, and gives what came of it. */
    wished: (to: MailingList, over: Parameters<typeof wish>[1]): Promise<SubscriptionOutcome> =>
      run(wish(to, over)),
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
    /** An address that somebody has verified, or one that is only known. */
    address: (email: string, verified: boolean) =>
      store.addresses.register({
        email,
        display_name: '',
        registered_on: clock.now().toISOString(),
        ...(verified ? { verified_on: clock.now().toISOString() } : {}),
        preferences: {},
      }),
    /** Ports by which a process dies right after its n-th call of the world, counted from 0: of DynamoDB, S3 and SQS. */
    mortal: (at: number): { readonly ports: SubscriptionPorts; readonly died: () => boolean } => {
      let calls = 0;
      let dead = false;
      const call = async <T>(made: () => Promise<T>): Promise<T> => {
        if (dead) throw new Death();
        const fatal = calls === at;
        calls += 1;
        const [outcome] = await Promise.allSettled([made()]);
        dead ||= fatal;
        if (dead) throw new Death();
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      };
      const client = new DynamoDBClient({
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        endpoint: emulators.dynamoEndpoint,
        maxAttempts: 1,
      });
      clients.push(client);
      client.middlewareStack.add((next) => (args) => call(() => next(args)), { step: 'initialize' });
      return {
        ports: {
          ...ports,
          store: openStore(client, emulators.table),
          blobs: {
            get: (key) => call(() => blobs.get(key)),
            put: (key, bytes) => call(() => blobs.put(key, bytes)),
          },
          queues: { send: (messages, options) => call(() => queues.send(messages, options)) },
        },
        died: () => dead,
      };
    },
    close: async (): Promise<void> => {
      for (const client of clients) client.destroy();
      await emulators.close();
    },
  };
};

/** What {@link openWorld} gives. */
export type World = Awaited<ReturnType<typeof openWorld>>;

/** Where a request stands, or why a wish came to nothing. */
export const endOf = (outcome: SubscriptionOutcome): string =>
  outcome.kind === 'request' ? outcome.request.state : outcome.reason;

/** The token that waits. */
export const tokenOf = (outcome: SubscriptionOutcome): string => {
  if (outcome.kind !== 'request' || outcome.request.token === '') throw new Error('Nothing waits');
  return outcome.request.token;
};
