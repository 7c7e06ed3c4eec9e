import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ClaimOutcome, Ledger } from '../delivery/ledger.ts';
import { isFreshlyReopened, reopened } from '../delivery/reopen-ledger.ts';
import { ledgerKey } from './keys.ts';
import { putAll } from './put-all.ts';
import type { Ledgers } from './store.ts';
import { holds, isConditionFailed, type Table } from './table.ts';

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
  again_at: z.number().optional(),
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

/** The ledgers in DynamoDB, each with a partition key of its own. */
export const ledgersIn = (table: Table): Ledgers => {
  const get = async (id: string, roster: string, chunk: number): Promise<Ledger | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: ledgerKey(id, roster, chunk), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : fromItem(Item);
  };

  /** Changes a ledger, its states among the rest, on a condition; false when that does not hold. */
  const change = (
    { id, roster, chunk }: Pick<Ledger, 'id' | 'roster' | 'chunk'>,
    update: Pick<
      UpdateCommandInput,
      'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'
    >,
  ): Promise<boolean> =>
    holds(() =>
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: ledgerKey(id, roster, chunk),
          ExpressionAttributeNames: { '#states': 'states' },
          ...update,
        }),
      ),
    );

  /** Writes a reopened ledger in place of the one that was read; false when that has moved on. */
  const writeReopened = (before: Ledger, after: Ledger): Promise<boolean> =>
    change(before, {
      UpdateExpression:
        'SET #states = :states, codes = :codes, reported = :reported, attempt = :attempt, done = :no' +
        (before.done ? ', reopened = :attempt, due = :end' : ''),
      ConditionExpression: 'epoch = :epoch AND attempt = :before AND done = :done',
      ExpressionAttributeValues: {
        ':states': after.states,
        ':codes': after.codes,
        ':reported': after.reported,
        ':attempt': after.attempt,
        ...(before.done ? { ':end': after.give_up } : {}),
        ':epoch': before.epoch,
        ':before': before.attempt,
        ':no': false,
        ':done': before.done,
      },
    });

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
    open: (ledgers) =>
      putAll(
        table,
        ledgers.map((ledger) => ({ ...ledgerKey(ledger.id, ledger.roster, ledger.chunk), ...ledger })),
      ),
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
    write: (ledger, verdicts) =>
      change(ledger, {
        UpdateExpression: `SET #states = :states, codes = :codes, reported = :reported, possibly_doubled = :doubled, attempt = :attempt, done = :done, lease_end = :end${verdicts.again_at === undefined ? '' : ', again_at = :again'}`,
        ConditionExpression: 'epoch = :epoch',
        ExpressionAttributeValues: {
          ':states': verdicts.states,
          ':codes': verdicts.codes,
          ':reported': verdicts.reported,
          ':doubled': verdicts.possibly_doubled,
          ':attempt': verdicts.attempt,
          ':done': verdicts.done,
          ':end': verdicts.lease_end,
          ':epoch': ledger.epoch,
          ...(verdicts.again_at === undefined ? {} : { ':again': verdicts.again_at }),
        },
      }),
  };
};
