import type { Role } from '../members/member.ts';
import type { RequestKind } from '../subscriptions/request.ts';

/**
 * The keys of the one table. Every kind of item has its partition here, so that the whole shape of the table can be read
 * on one page:
 *
 * | item     | pk                          | sk           | gsi1pk                | gsi1sk           |
 * | -------- | --------------------------- | ------------ | --------------------- | ---------------- |
 * | domain   | DOMAIN#host                 | DOMAIN       | DOMAINS               | host             |
 * | alias    | DOMAIN#alias                | ALIAS        |                       |                  |
 * | list     | LIST#list_id                | LIST         | LISTS                 | list_id          |
 * | counters | LIST#list_id                | COUNTERS     |                       |                  |
 * | member   | MEMBERS#list_id             | role#address | ADDRESS#address       | list_id#role     |
 * | arrival  | ARRIVAL#digest              | ARRIVAL      |                       |                  |
 * | mail     | MAIL#id                     | MAIL         | MESSAGE-ID#message-id | time             |
 * | ledger   | LEDGER#id#attempt#chunk     | LEDGER       |                       |                  |
 * | shunt    | SHUNT#id                    | SHUNT        | SHUNT                 | time#id          |
 * | held     | HELD#list_id                | number       | TOKEN#token           | HELD             |
 * | bans     | BANS#list_id, BANS#         | BANS         |                       |                  |
 * | template | TEMPLATE#where              | name         |                       |                  |
 * | limit    | LIMIT#name                  | LIMIT        |                       |                  |
 * | post     | POSTS#list_id               | time#id      |                       |                  |
 * | address  | ADDRESS#address             | ADDRESS      | USER#user_id          | address          |
 * | user     | USER#user_id                | USER         | USERS                 | user_id          |
 * | request  | REQUESTS#list_id            | kind#address | REQUESTS-OF#address   | list_id#kind     |
 * | token    | TOKEN#token                 | REQUEST      |                       |                  |
 * | former   | FORMER#list_id              | address      | FORMER-OF#address     | list_id          |
 * | moved    | MOVED#member_id             | MOVED        |                       |                  |
 * | secret   | SECRET#name                 | SECRET       |                       |                  |
 * | parked   | PARKED#queue                | PARKED       |                       |                  |
 * | pace     | PACE#ses                    | PACE         |                       |                  |
 * | sent id  | SES#id                      | SES          |                       |                  |
 * | bouncing | BOUNCING#list_id            | address      |                       |                  |
 * | day note | BOUNCE-NOTES#list_id        | day#kind#id  |                       |                  |
 * | probe    | PROBE#token                 | PROBE        |                       |                  |
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const domainKey = (host: string): Key => ({ pk: `DOMAIN#${host}`, sk: 'DOMAIN' });
export const aliasKey = (alias: string): Key => ({ pk: `DOMAIN#${alias}`, sk: 'ALIAS' });
export const listKey = (listId: string): Key => ({ pk: `LIST#${listId}`, sk: 'LIST' });
export const countersKey = (listId: string): Key => ({ pk: `LIST#${listId}`, sk: 'COUNTERS' });
export const memberKey = (listId: string, role: Role, email: string): Key => ({
  pk: `MEMBERS#${listId}`,
  sk: `${role}#${email.toLowerCase()}`,
});
export const arrivalKey = (digest: string): Key => ({ pk: `ARRIVAL#${digest}`, sk: 'ARRIVAL' });
export const mailKey = (id: string): Key => ({ pk: `MAIL#${id}`, sk: 'MAIL' });
export const ledgerKey = (id: string, roster: string, chunk: number): Key => ({
  pk: `LEDGER#${id}#${roster}#${chunk}`,
  sk: 'LEDGER',
});
export const shuntKey = (id: string): Key => ({ pk: `SHUNT#${id}`, sk: 'SHUNT' });

/** What makes a member findable by address. */
export const addressIndex = (email: string): string => `ADDRESS#${email.toLowerCase()}`;

/** A partition key has at most 2,048 bytes, and a Message-ID is whatever somebody wrote. */
export const messageIdIndex = (messageId: string): string => `MESSAGE-ID#${messageId.slice(0, 500)}`;

/** Numbers are padded, so that they sort as numbers. */
export const heldKey = (listId: string, requestId: number): Key => ({
  pk: `HELD#${listId}`,
  sk: String(requestId).padStart(12, '0'),
});
export const tokenIndex = (token: string): string => `TOKEN#${token}`;
/** The bans of a list; those of the site have no list. */
export const bansKey = (listId: string | null): Key => ({ pk: `BANS#${listId ?? ''}`, sk: 'BANS' });
export const templateKey = (where: string, name: string): Key => ({ pk: `TEMPLATE#${where}`, sk: name });
export const postsKey = (listId: string): string => `POSTS#${listId}`;
/** Posts are sorted by time, not by number: an owner can set the numbers of a list back. */
export const postKey = ({
  list_id,
  at,
  id,
}: {
  readonly list_id: string;
  readonly at: string;
  readonly id: string;
}): Key => ({ pk: postsKey(list_id), sk: `${at}#${id}` });
/** That the messages of a queue are to wait. */
export const parkedKey = (queue: 'out'): Key => ({ pk: `PARKED#${queue}`, sk: 'PARKED' });
/** How fast mail may leave through Amazon SES. */
export const paceKey = (): Key => ({ pk: 'PACE#ses', sk: 'PACE' });
/** The id that SES gave to a mail, without its domain. */
export const sentIdKey = (id: string): Key => ({ pk: `SES#${id}`, sk: 'SES' });
export const limitKey = (name: string): Key => ({ pk: `LIMIT#${name}`, sk: 'LIMIT' });
export const onceKey = (name: string): Key => ({ pk: `LIMIT#${name}`, sk: 'ONCE' });
export const addressItemKey = (email: string): Key => ({
  pk: `ADDRESS#${email.toLowerCase()}`,
  sk: 'ADDRESS',
});
export const userKey = (userId: string): Key => ({ pk: `USER#${userId}`, sk: 'USER' });
/** What makes the addresses of a user findable. */
export const userIndex = (userId: string): string => `USER#${userId}`;
export const usersIndex = 'USERS';
export const requestKey = (listId: string, kind: RequestKind, email: string): Key => ({
  pk: `REQUESTS#${listId}`,
  sk: `${kind}#${email.toLowerCase()}`,
});
/** What makes the requests of an address findable on all lists. */
export const requestsOfIndex = (email: string): string => `REQUESTS-OF#${email.toLowerCase()}`;
/** By what a token finds its request in one consistent read, also after the request has moved on to another token. */
export const requestTokenKey = (token: string): Key => ({ pk: `TOKEN#${token}`, sk: 'REQUEST' });
export const formerKey = (listId: string, email: string): Key => ({
  pk: `FORMER#${listId}`,
  sk: email.toLowerCase(),
});
/** What makes what an address had findable on all lists, when another one takes its place. */
export const formerOfIndex = (email: string): string => `FORMER-OF#${email.toLowerCase()}`;
/** Under which address a membership is by now, found by its id. */
export const movedKey = (memberId: string): Key => ({ pk: `MOVED#${memberId}`, sk: 'MOVED' });
/** Those members of a list who have a score, or whom bounces have disabled. */
export const bouncingListKey = (listId: string): string => `BOUNCING#${listId}`;
export const bouncingKey = (listId: string, email: string): Key => ({
  pk: bouncingListKey(listId),
  sk: email.toLowerCase(),
});
export const bounceNotesKey = (listId: string): string => `BOUNCE-NOTES#${listId}`;
/** What the owners hear of once a day. */
export const bounceNoteKey = (note: {
  readonly list_id: string;
  readonly day: string;
  readonly kind: string;
  readonly id: string;
}): Key => ({ pk: bounceNotesKey(note.list_id), sk: `${note.day}#${note.kind}#${note.id}` });
export const probeKey = (token: string): Key => ({ pk: `PROBE#${token}`, sk: 'PROBE' });
export const secretKey = (name: string): Key => ({ pk: `SECRET#${name}`, sk: 'SECRET' });
