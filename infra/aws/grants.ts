import { heldPrefix, keptPrefix, transitPrefix } from '../../lib/blobs/keys.ts';
import type { QueueName } from '../../lib/queue/names.ts';
import type { Actor } from './names.ts';
import { fedBy, sendsTo } from './steps.ts';

/** What a right is a right to. */
export type GrantTarget =
  /** `only` ses: granted where mail leaves through Amazon SES. */
  | { readonly kind: 'table'; readonly only?: 'ses' }
  | { readonly kind: 'index' }
  | { readonly kind: 'bucket' }
  | { readonly kind: 'objects'; readonly prefix: string }
  | { readonly kind: 'queue'; readonly queue: QueueName }
  | { readonly kind: 'secret'; readonly secret: 'relay' }
  /** The identities and the configuration set of Amazon SES; nothing where mail leaves by a relay. */
  | { readonly kind: 'ses' }
  /** The account's part of Amazon SES as a whole; nothing where mail leaves by a relay. */
  | { readonly kind: 'ses-account' }
  | { readonly kind: 'logs' };

/** Rights of an actor: the IAM actions, and on what. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on: GrantTarget;
  /** Why it is granted although no call in our own code shows it; absent when one does. */
  readonly unseen?: string;
}

const table = (...actions: readonly string[]): Grant => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  on: { kind: 'table' },
});

const index = (...actions: readonly string[]): Grant => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  on: { kind: 'index' },
});

const objects = (prefix: string, ...actions: readonly string[]): Grant => ({
  actions: actions.map((action) => `s3:${action}`),
  on: { kind: 'objects', prefix },
});

// A copy within the bucket is a GetObject of the one and a PutObject of the other object.
const reads = objects(transitPrefix, 'GetObject');
const keeps = objects(keptPrefix, 'PutObject');
const tellsAbsence: Grant = {
  actions: ['s3:ListBucket'],
  on: { kind: 'bucket' },
  unseen:
    'S3 says that an object does not exist only to those who may list the bucket; to others it says 403, which is no answer to whether bytes are gone.',
};

const hides = (queue: QueueName): Grant => ({
  actions: ['sqs:ChangeMessageVisibility'],
  on: { kind: 'queue', queue },
});

const secret = (which: 'relay'): Grant => ({
  actions: ['secretsmanager:GetSecretValue'],
  on: { kind: 'secret', secret: which },
});

// The quota is the account's and has no ARN: AWS grants this action on everything or not at all.
const readsQuota: Grant = { actions: ['ses:GetSendQuota'], on: { kind: 'ses-account' } };

// Every function can put a message into the shunt: it reads the mail's record, keeps its bytes and writes the item.
const shunts: readonly Grant[] = [table('GetItem', 'PutItem'), reads, tellsAbsence, keeps];

const ownRights: Readonly<Record<Actor, readonly Grant[]>> = {
  incoming: [
    ...shunts,
    // Numbers of held mails, how often something was done, and who the owners are; a held mail that was decided on before it was
    // announced goes.
    table('BatchGetItem', 'UpdateItem', 'Query', 'DeleteItem'),
    // What is said about a held mail is said of the bytes that are kept; notices are mails of our own.
    objects(heldPrefix, 'GetObject'),
    objects(transitPrefix, 'PutObject'),
  ],
  pipeline: [
    ...shunts,
    table('BatchGetItem', 'UpdateItem', 'Query', 'BatchWriteItem'),
    objects(transitPrefix, 'PutObject'),
  ],
  outgoing: [
    ...shunts,
    // Who has left the list is asked for those who wait; a probe that went through ends the parking.
    table('UpdateItem', 'BatchGetItem', 'DeleteItem'),
    secret('relay'),
    { actions: ['ses:SendRawEmail'], on: { kind: 'ses' } },
    // Who sends first, or finds that nobody has read the quota for minutes, reads it itself.
    readsQuota,
    // The ids that SES gave, each with the Message-ID that it stands for.
    { actions: ['dynamodb:BatchWriteItem'], on: { kind: 'table', only: 'ses' } },
    // A chunk that somebody else holds is hidden until their lease ends (design, rule 8).
    ...fedBy('outgoing').map(hides),
  ],
  command: [
    ...shunts,
    // A held mail is found by its token in the index; moderating changes the record and the sender, and ends with the held mail.
    table('BatchGetItem', 'UpdateItem', 'Query', 'DeleteItem'),
    index('Query'),
    objects(heldPrefix, 'GetObject', 'DeleteObject'),
    objects(transitPrefix, 'PutObject'),
  ],
  bounce: [
    ...shunts,
    // Scores and probes, texts and who the owners are; a complaint, and the last warning, end a membership.
    table('BatchGetItem', 'UpdateItem', 'Query', 'DeleteItem'),
    // Notices are mails of our own.
    objects(transitPrefix, 'PutObject'),
  ],
  // Lists are found in the index; the held mails of each, and those whose mail bounces, in the table.
  scheduled: [table('Query', 'BatchGetItem'), index('Query')],
  quota: [readsQuota, table('UpdateItem')],
  // A wish about a held mail can die as well, and then the shunt keeps the mail with it.
  'dead-letters': [...shunts, objects(heldPrefix, 'GetObject')],
  web: [
    // Somebody joins or leaves: as far as it can be done while the person waits (docs/decisions/0029-web-links.md).
    table('GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'Query'),
    index('Query'),
    // Notices are mails of our own; nothing is read or removed here.
    objects(transitPrefix, 'PutObject'),
  ],
  gateway: [
    table('GetItem', 'PutItem', 'UpdateItem'),
    objects(transitPrefix, 'PutObject'),
    {
      ...objects(transitPrefix, 'AbortMultipartUpload'),
      unseen:
        'Large mails are stored in parts; when the client goes away in the middle, the parts are dropped.',
    },
  ],
};

const sends = (queue: QueueName): Grant => ({
  actions: ['sqs:SendMessage'],
  on: { kind: 'queue', queue },
});

const consumes = (queue: QueueName): Grant => ({
  actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  on: { kind: 'queue', queue },
  unseen: 'The pollers of Lambda fetch the messages in the name of the function.',
});

const logs: Grant = {
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  on: { kind: 'logs' },
  unseen: 'The runtime writes what the function prints.',
};

/**
 * All rights of an actor, and the only place where rights are given (design, rule 17). A test holds the calls that the functions
 * make against these, in both directions: no call without a right, no right without a call or a reason.
 */
export const grantsOf = (actor: Actor): readonly Grant[] => [
  ...ownRights[actor],
  ...sendsTo(actor).map(sends),
  ...fedBy(actor).map(consumes),
  // Amazon ECS writes the gateway's log in the name of the execution role.
  ...(actor === 'gateway' ? [] : [logs]),
];
