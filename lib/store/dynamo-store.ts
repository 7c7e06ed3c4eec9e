import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { spare } from '../aws/frugal.ts';
import { addressesIn } from './addresses.ts';
import { arrivalsIn } from './arrivals.ts';
import { bansIn } from './bans.ts';
import { domainsIn } from './domains.ts';
import { heldIn } from './held.ts';
import { ledgersIn } from './ledgers.ts';
import { limitsIn } from './limits.ts';
import { listsIn } from './lists.ts';
import { mailsIn } from './mails.ts';
import { membersIn } from './members.ts';
import { paceIn } from './pace.ts';
import { parkingIn } from './parking.ts';
import { postsIn } from './posts.ts';
import { requestsIn } from './requests.ts';
import { secretsIn } from './secrets.ts';
import { sentIdsIn } from './sent-ids.ts';
import { shuntIn } from './shunt.ts';
import type { Store } from './store.ts';
import { templatesIn } from './templates.ts';
import { usersIn } from './users.ts';

/** Opens the store in a DynamoDB table. */
export const openStore = (client: DynamoDBClient, tableName: string): Store => {
  const table = {
    // An absent optional field is not written at all, so that "not set" has one form.
    client: DynamoDBDocumentClient.from(spare(client), { marshallOptions: { removeUndefinedValues: true } }),
    name: tableName,
  };
  return {
    domains: domainsIn(table),
    lists: listsIn(table),
    members: membersIn(table),
    arrivals: arrivalsIn(table),
    mails: mailsIn(table),
    ledgers: ledgersIn(table),
    shunt: shuntIn(table),
    held: heldIn(table),
    bans: bansIn(table),
    templates: templatesIn(table),
    limits: limitsIn(table),
    parking: parkingIn(table),
    pace: paceIn(table),
    sentIds: sentIdsIn(table),
    addresses: addressesIn(table),
    users: usersIn(table),
    requests: requestsIn(table),
    secrets: secretsIn(table),
    posts: postsIn(table),
  };
};
