import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { bansIn } from './bans.ts';
import { domainsIn } from './domains.ts';
import { heldIn } from './held.ts';
import { limitsIn } from './limits.ts';
import { listsIn } from './lists.ts';
import { mailsIn } from './mails.ts';
import { membersIn } from './members.ts';
import { openTable } from './open-table.ts';
import { secretsIn } from './secrets.ts';
import { shuntIn } from './shunt.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { templatesIn } from './templates.ts';

/** What deciding on a mail needs of the store. */
export type PostingStore = Pick<
  Store,
  'domains' | 'lists' | 'members' | 'mails' | 'shunt' | 'held' | 'bans' | 'templates' | 'limits' | 'secrets'
>;

/** That much of the store in a table. */
export const postingStoreIn = (table: Table): PostingStore => ({
  domains: domainsIn(table),
  lists: listsIn(table),
  members: membersIn(table),
  mails: mailsIn(table),
  shunt: shuntIn(table),
  held: heldIn(table),
  bans: bansIn(table),
  templates: templatesIn(table),
  limits: limitsIn(table),
  secrets: secretsIn(table),
});

/**
 * Opens that much of the store, for the function whose start a post waits for: what it never asks is not in its bundle either
 * (bench, `npm run bench -- imports`).
 */
export const openPostingStore = (client: DynamoDBClient, tableName: string): PostingStore =>
  postingStoreIn(openTable(client, tableName));
