import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readSite } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { type ChangeMembersOptions, changeMembers } from '../../lib/members/change-members.ts';
import type { Member, Role } from '../../lib/members/member.ts';
import { readLines } from '../../lib/members/read-lines.ts';
import type { Said } from '../../lib/members/wanted-member.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { Store } from '../../lib/store/store.ts';
import { startEmulators } from '../harness/emulators.ts';

/** The error with which a process dies in these tests. */
export class Death extends Error {
  override readonly name = 'Death';
}

/** What a change says of those whom it names. */
export interface Saying extends ChangeMembersOptions {
  readonly role?: Role;
  readonly said?: Said;
}

/** A table, and a count of the requests that are sent to it. */
export interface Lab {
  readonly store: Store;
  readonly list: () => Promise<MailingList>;
  /** The requests since it was asked last, by their names. */
  readonly requests: () => Readonly<Record<string, number>>;
  /** From now on the process dies at its n-th write; undefined: it lives. */
  readonly dieAt: (write: number | undefined) => void;
  readonly change: (
    list: MailingList,
    lines: readonly string[],
    saying?: Saying,
  ) => ReturnType<typeof changeMembers>;
  /** Everybody in a role. */
  readonly everybody: (list: MailingList, role?: Role) => Promise<readonly Member[]>;
  readonly pass: (seconds: number) => void;
  readonly close: () => Promise<void>;
}

const writes = new Set(['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand']);

/** Opens a laboratory of its own. */
export const openLab = async (): Promise<Lab> => {
  const emulators = await startEmulators();
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const clock = { now: () => new Date(now) };
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: emulators.dynamoEndpoint,
  });
  let counted: Record<string, number> = {};
  let left: number | undefined;
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (writes.has(commandName) && left !== undefined) {
          if (left === 0) throw new Death(commandName);
          left -= 1;
        }
        counted[commandName] = (counted[commandName] ?? 0) + 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  const store = openStore(client, emulators.table);
  let lists = 0;
  return {
    store,
    list: () => {
      lists += 1;
      return createList(`ant${lists}@example.com`, { store, site: readSite(), clock });
    },
    requests: () => {
      const before = counted;
      counted = {};
      return before;
    },
    dieAt: (write) => {
      left = write;
    },
    change: (list, lines, { role = 'member', said = {}, ...options } = {}) =>
      changeMembers(list, readLines(lines, role, said), { store, clock }, options),
    everybody: async (list, role = 'member') => {
      const found: Member[] = [];
      for await (const page of store.members.pages(list.list_id, role)) found.push(...page);
      return found;
    },
    pass: (seconds) => {
      now += seconds * 1000;
    },
    close: async () => {
      client.destroy();
      await emulators.close();
    },
  };
};
