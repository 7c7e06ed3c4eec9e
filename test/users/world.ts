import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Member } from '../../lib/members/member.ts';
import type { AddressChangeMessage } from '../../lib/queue/messages.ts';
import { runAddressChange } from '../../lib/runners/address-change.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { Store } from '../../lib/store/store.ts';
import { type Address, addressSchema } from '../../lib/users/address.ts';
import type { AddressChangePorts } from '../../lib/users/begin-move.ts';
import { type User, userSchema } from '../../lib/users/user.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { all } from '../store/behaviour/all.ts';

/** The error with which a process dies in these tests. */
export class Death extends Error {
  override readonly name = 'Death';
}

/** The world of users and their addresses, with a clock that goes when it is told to. */
export interface World {
  readonly emulators: Emulators;
  readonly store: Store;
  /** Ports by which what is sent for later comes at once, and the clock has gone on by as much. */
  readonly ports: AddressChangePorts;
  /**
   * Ports by which a process dies right after its n-th call of the world, counted from 0. To die before a call is to have died after the one
   * before.
   */
  readonly mortal: (at: number) => { readonly ports: AddressChangePorts; readonly died: () => boolean };
  readonly pass: (seconds: number) => void;
  /** Takes the messages of the queue as the function command does, until there are none; gives how many there were. */
  readonly settle: () => Promise<number>;
  readonly member: (list: string, email: string, over?: Partial<Member>) => Promise<Member>;
  readonly address: (email: string, over?: Partial<Address>) => Promise<Address>;
  readonly user: (id: string, over?: Partial<User>) => Promise<User>;
  /** Where and as what an address is a member: `list_id role`. */
  readonly places: (email: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

const began = Date.parse('2026-01-01T00:00:00.000Z');

/** Opens a world of its own. */
export const openWorld = async (): Promise<World> => {
  const emulators = await startEmulators();
  const { store, queues } = emulators;
  let now = began;
  const clock = { now: () => new Date(now) };
  const ports: AddressChangePorts = {
    store,
    clock,
    queues: {
      send: async (messages, { delaySeconds = 0 } = {}) => {
        now += delaySeconds * 1000;
        await queues.send(messages);
      },
    },
  };
  const clients: DynamoDBClient[] = [];
  const isChange = (message: { readonly type: string }): message is AddressChangeMessage =>
    message.type === 'address-change';
  return {
    emulators,
    store,
    ports,
    mortal: (at) => {
      let calls = 0;
      let dead = false;
      const call = async <T>(made: () => Promise<T>): Promise<T> => {
        if (dead) throw new Death();
        const fatal = calls === at;
        calls += 1;
        const [outcome] = await Promise.allSettled([made()]);
        dead ||= fatal;
        // The dead take no answer, and no refusal either.
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
          store: openStore(client, emulators.table),
          queues: { send: (messages, options) => call(() => ports.queues.send(messages, options)) },
          clock,
        },
        died: () => dead,
      };
    },
    pass: (seconds) => {
      now += seconds * 1000;
    },
    settle: async () => {
      let count = 0;
      for (;;) {
        const messages = await emulators.receive('command');
        if (messages.length === 0) return count;
        count += messages.length;
        for (const message of messages.filter(isChange)) await runAddressChange(message, ports);
      }
    },
    member: async (list, email, over = {}) => {
      const member: Member = {
        member_id: `${list} ${over.role ?? 'member'} ${email}`,
        list_id: list,
        role: 'member',
        email,
        display_name: '',
        subscribed_at: clock.now().toISOString(),
        ...over,
      };
      await store.members.add(member);
      return member;
    },
    address: (email, over = {}) =>
      store.addresses.register(
        addressSchema.parse({ email, registered_on: clock.now().toISOString(), ...over }),
      ),
    user: async (user_id, over = {}) => {
      const user = userSchema.parse({ user_id, created_on: clock.now().toISOString(), ...over });
      await store.users.create(user);
      return user;
    },
    places: async (email) =>
      (await all(store.members.of(email))).map(({ list_id, role }) => `${list_id} ${role}`),
    close: async () => {
      for (const client of clients) client.destroy();
      await emulators.close();
    },
  };
};
