import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { addressesIn } from './addresses.ts';
import { arrivalsIn } from './arrivals.ts';
import { bouncesIn } from './bounce-index.ts';
import { ledgersIn } from './ledgers.ts';
import { movedIn } from './moved.ts';
import { openTable } from './open-table.ts';
import { paceIn } from './pace.ts';
import { parkingIn } from './parking.ts';
import { postingStoreIn } from './posting-store.ts';
import { postsIn } from './posts.ts';
import { probesIn } from './probes.ts';
import { requestsIn } from './requests.ts';
import { secretsIn } from './secrets.ts';
import { sentIdsIn } from './sent-ids.ts';
import type { Store } from './store.ts';
import { usersIn } from './users.ts';

/** Opens the store in a DynamoDB table. */
export const openStore = (client: DynamoDBClient, tableName: string): Store => {
  const table = openTable(client, tableName);
  return {
    ...postingStoreIn(table),
    arrivals: arrivalsIn(table),
    ledgers: ledgersIn(table),
    parking: parkingIn(table),
    pace: paceIn(table),
    sentIds: sentIdsIn(table),
    addresses: addressesIn(table),
    users: usersIn(table),
    requests: requestsIn(table),
    moved: movedIn(table),
    secrets: secretsIn(table),
    posts: postsIn(table),
    bounces: bouncesIn(table),
    probes: probesIn(table),
  };
};
