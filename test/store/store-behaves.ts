import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../lib/store/store.ts';
import { addressesBehave } from './behaviour/addresses.ts';
import { arrivalsBehave } from './behaviour/arrivals.ts';
import { bansBehave } from './behaviour/bans.ts';
import { domainsBehave } from './behaviour/domains.ts';
import { formerBehave } from './behaviour/former.ts';
import { heldBehaves } from './behaviour/held.ts';
import { ledgersBehave } from './behaviour/ledgers.ts';
import { limitsBehave } from './behaviour/limits.ts';
import { listsBehave } from './behaviour/lists.ts';
import { mailsBehave } from './behaviour/mails.ts';
import { membersBehave } from './behaviour/members.ts';
import { movedBehaves } from './behaviour/moved.ts';
import { paceBehaves } from './behaviour/pace.ts';
import { parkingBehaves } from './behaviour/parking.ts';
import { postsBehave } from './behaviour/posts.ts';
import { requestsBehave } from './behaviour/requests.ts';
import { secretsBehave } from './behaviour/secrets.ts';
import { sentIdsBehave } from './behaviour/sent-ids.ts';
import { shuntBehaves } from './behaviour/shunt.ts';
import { templatesBehave } from './behaviour/templates.ts';
import { usersBehave } from './behaviour/users.ts';

/** A store in an empty table, and the way to end what it lies in. */
export interface OpenedStore {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

/** Every promise of the store, held against whatever it is opened in. */
export const storeBehaves = (open: () => Promise<OpenedStore>): void => {
  let opened: OpenedStore | undefined;
  const store = (): Store => {
    if (opened === undefined) throw new Error('The store is not open');
    return opened.store;
  };
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());

  describe('domains', () => domainsBehave(store));
  describe('lists', () => listsBehave(store));
  describe('members', () => membersBehave(store));
  describe('arrivals', () => arrivalsBehave(store));
  describe('mails', () => mailsBehave(store));
  describe('ledgers', () => ledgersBehave(store));
  describe('posts', () => postsBehave(store));
  describe('the shunt', () => shuntBehaves(store));
  describe('held mails', () => heldBehaves(store));
  describe('bans', () => bansBehave(store));
  describe('templates', () => templatesBehave(store));
  describe('limits', () => limitsBehave(store));
  describe('addresses', () => addressesBehave(store));
  describe('users', () => usersBehave(store));
  describe('former members', () => formerBehave(store));
  describe('requests', () => requestsBehave(store));
  describe('memberships that have moved', () => movedBehaves(store));
  describe('secrets', () => secretsBehave(store));
  describe('parking', () => parkingBehaves(store));
  describe('the pace of Amazon SES', () => paceBehaves(store));
  describe('the ids of Amazon SES', () => sentIdsBehave(store));
};
