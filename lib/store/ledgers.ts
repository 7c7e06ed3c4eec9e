import { BatchWriteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ClaimOutcome, Ledger } from '../delivery/ledger.ts';
import { isFreshlyReopened, reopened } from '../delivery/reopen-ledger.ts';
import { ledgerKey } from './keys.ts';
import type { Ledgers } from './store.ts';
import { isConditionFailed, type Table } from './table.ts';

const ledgerSchema = z.object({
  id: z.string(),
  list_id: z.string(),
  roster: z.string(),
  chunk: z.number(),
  size: z.number(),
  owner: z.string(),
  epoch: z.number(),
  lease_end: z.number(),
  attempt: z.number(),
  done: z.boolean(),
  reopened: z.number().optional(),
  give_up: z.number(),
  /** The same counted from the first attempt, which is not there before that begins. */
  due: z.number().optional(),
  expires: z.number(),
  states: z.instanceof(Uint8Array),
  codes: z.record(z.string(), z.instanceof(Uint8Array)),
  reported: z.instanceof(Uint8Array),
  possibly_doubled: z.number(),
});

const fromItem = (item: unknown): Ledger => {
  const { due, ...ledger } = ledgerSchema.parse(item);
  return due === undefined ? ledger : { ...ledger, give_up: due };
};

// BatchWriteItem takes 25 items (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
const batchSize = 25;

const chunksOf = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** The ledgers in DynamoDB, each with a partition key of its own. */
export const ledgersIn = (table: Table): Ledgers => {
  const get = async (id: string, roster: string, chunk: number): Promise<Ledger | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: ledgerKey(id, roster, chunk), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : fromItem(Item);
  };

  const openBatch = async (ledgers: readonly Ledger[]): Promise<void> => {
    let requests = ledgers.map((ledger) => ({
      PutRequest: { Item: { ...ledgerKey(ledger.id, ledger.roster, ledger.chunk), ...ledger } },
    }));
    // A throttled batch is answered with what was left undone; the SDK does not repeat that part.
    for (let tries = 0; requests.length > 0; tries += 1) {
      if (tries === 8) throw new Error(`DynamoDB left ${requests.length} ledgers unwritten`);
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** tries));
      const answer = await table.client.send(
        new BatchWriteCommand({ RequestItems: { [table.name]: requests } }),
      );
      const undone = new Set(
        (answer.UnprocessedItems?.[table.name] ?? []).map(({ PutRequest }) => String(PutRequest?.Item?.pk)),
      );
      requests = requests.filter(({ PutRequest }) => undone.has(PutRequest.Item.pk));
    }
  };

  /** Writes a reopened ledger in place of the one that was read; false when that has moved on. */
  const writeReopened = async (before: Ledger, after: Ledger): Promise<boolean> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: ledgerKey(before.id, before.roster, before.chunk),
          UpdateExpression:
            'SET #states = :states, codes = :codes, reported = :reported, attempt = :attempt, reopened = :attempt, done = :no, due = :end',
          ConditionExpression: 'epoch = :epoch AND attempt = :before AND done = :yes',
          ExpressionAttributeNames: { '#states': 'states' },
          ExpressionAttributeValues: {
            ':states': after.states,
            ':codes': after.codes,
            ':reported': after.reported,
            ':attempt': after.attempt,
            ':end': after.give_up,
            ':epoch': before.epoch,
            ':before': before.attempt,
            ':no': false,
            ':yes': true,
          },
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };

  return {
    get,
    reopen: async (ledger, at) => {
      if (isFreshlyReopened(ledger)) return ledger;
      const after = reopened(ledger, at);
      if (after === undefined) return undefined;
      if (await writeReopened(ledger, after)) return after;
      const now = await get(ledger.id, ledger.roster, ledger.chunk);
      return now !== undefined && isFreshlyReopened(now) ? now : undefined;
    },
    open: async (ledgers) => {
      for (const wave of chunksOf(chunksOf(ledgers, batchSize), 8)) await Promise.all(wave.map(openBatch));
    },
    claim: async ({ id, roster, chunk, attempt, owner, now, leaseEnd, period }): Promise<ClaimOutcome> => {
      const due = now.getTime() + period * 1000;
      try {
        const { Attributes } = await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: ledgerKey(id, roster, chunk),
            // ALL_OLD tells whether the lease of another holder lapsed; what is new is known here.
            UpdateExpression:
              'SET #owner = :owner, lease_end = :end, epoch = epoch + :one, due = if_not_exists(due, :due)',
            ConditionExpression:
              'attribute_exists(pk) AND attempt = :attempt AND done = :no AND lease_end < :now',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: {
              ':owner': owner,
              ':end': leaseEnd.getTime(),
              ':one': 1,
              ':attempt': attempt,
              ':no': false,
              ':now': now.getTime(),
              ':due': due,
            },
            ReturnValues: 'ALL_OLD',
          }),
        );
        const before = fromItem({ due, ...Attributes });
        return {
          kind: 'claimed',
          ledger: { ...before, owner, lease_end: leaseEnd.getTime(), epoch: before.epoch + 1 },
          lapsed: before.lease_end > 0,
        };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
      const ledger = await get(id, roster, chunk);
      if (ledger === undefined) return { kind: 'gone' };
      if (ledger.done || ledger.attempt > attempt) return { kind: 'over' };
      // The ledger is at our attempt under a live lease, or not there yet: its holder is about to move it on.
      return { kind: 'held', until: new Date(Math.max(ledger.lease_end, now.getTime() + 1000)) };
    },
    write: async (ledger, verdicts) => {
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: ledgerKey(ledger.id, ledger.roster, ledger.chunk),
            UpdateExpression:
              'SET #states = :states, codes = :codes, reported = :reported, possibly_doubled = :doubled, attempt = :attempt, done = :done, lease_end = :end',
            ConditionExpression: 'epoch = :epoch',
            ExpressionAttributeNames: { '#states': 'states' },
            ExpressionAttributeValues: {
              ':states': verdicts.states,
              ':codes': verdicts.codes,
              ':reported': verdicts.reported,
              ':doubled': verdicts.possibly_doubled,
              ':attempt': verdicts.attempt,
              ':done': verdicts.done,
              ':end': verdicts.lease_end,
              ':epoch': ledger.epoch,
            },
          }),
        );
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },
  };
};
