import * as z from 'zod';
import { deliveryPlanSchema } from '../delivery/delivery-plan.ts';
import { deliveryModes } from '../users/preferences.ts';
import { queueNames } from './names.ts';

/**
 * The messages on the queues: version 1 of their schema. They carry pointers, not mail (design, rule 14), and are
 * validated at the door of every function.
 */

/** The sub-addresses of a list in Mailman's words; `subscribe` is `join`, `unsubscribe` is `leave`. */
const subaddresses = ['bounces', 'confirm', 'join', 'leave', 'owner', 'request'] as const;
export type Subaddress = (typeof subaddresses)[number];

/** The envelope as it was given over LMTP (design, rule 5). */
export const envelopeSchema = z.object({
  /** The sender of MAIL FROM; the empty text is the null sender. */
  sender: z.string(),
  /** The recipient exactly as given in RCPT TO. */
  recipient: z.string(),
  /** What follows the first delimiter in the local part of the recipient; absent when there is no delimiter. */
  detail: z.string().optional(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** Mailman's metadata of a mail (mailman-behaviour.md, section 24); unknown keys are carried along. */
export const metadataSchema = z
  .object({
    original_size: z.number(),
    /** ISO 8601. */
    received_time: z.string(),
    to_list: z.literal(true).optional(),
    to_owner: z.literal(true).optional(),
    to_request: z.literal(true).optional(),
    subaddress: z.enum(subaddresses).optional(),
    envsender: z.string().optional(),
    verp: z.boolean().optional(),
    nodecorate: z.boolean().optional(),
    recipients: z.array(z.string()).optional(),
  })
  .catchall(z.json());
export type Metadata = z.infer<typeof metadataSchema>;

/** What a rule, a chain or a handler adds to the metadata. */
export type MetadataNotes = Readonly<Record<string, Metadata[string]>>;

/** A mail that was accepted at the door, on `in`, `command` or `bounces`. */
const mailMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('mail'),
  queue: z.enum(['in', 'command', 'bounces']),
  /** The id of the mail; everything that becomes of it is kept under this id. */
  id: z.string(),
  listid: z.string(),
  /** Where its bytes lie. */
  blob: z.string(),
  /** The digest by which a repeated arrival is recognised; absent for injected mail. */
  digest: z.string().optional(),
  messageId: z.string(),
  envelope: envelopeSchema,
  metadata: metadataSchema,
});
export type MailMessage = z.infer<typeof mailMessageSchema>;

/** A mail that was accepted by its chain and is to become a post, on `pipeline`. Its record knows the rest. */
const postMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('post'),
  queue: z.literal('pipeline'),
  id: z.string(),
  listid: z.string(),
});
export type PostMessage = z.infer<typeof postMessageSchema>;

/** One chunk of a post's recipients, on `out` or `retry`. */
const chunkMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('chunk'),
  queue: z.enum(['out', 'retry']),
  id: z.string(),
  listid: z.string(),
  /** The attempt that fixed the roster. */
  roster: z.string(),
  chunk: z.number().int().nonnegative(),
  /** The number of the delivery attempt that this message stands for: 0 is the first (design, rule 10). */
  attempt: z.number().int().nonnegative(),
  /** The envelope sender of the delivery; with VERP, what it is made from. */
  sender: z.string(),
  plan: deliveryPlanSchema,
  /** For how many seconds the chunk has waited because delivery was parked: they do not count against its time. */
  parked: z.number().nonnegative().optional(),
});
export type ChunkMessage = z.infer<typeof chunkMessageSchema>;

/** What the relay refused at RCPT, or what was given up, on `bounces`: one message for a chunk and attempt. */
const refusalsMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('refusals'),
  queue: z.literal('bounces'),
  /** The id of the post. */
  id: z.string(),
  listid: z.string(),
  roster: z.string(),
  chunk: z.number().int().nonnegative(),
  attempt: z.number().int().nonnegative(),
  at: z.string(),
  /** The address and the last reply for each. */
  refused: z.array(z.object({ recipient: z.string(), reply: z.string() })),
});
export type RefusalsMessage = z.infer<typeof refusalsMessageSchema>;

/**
 * A moderator's wish about a held mail, on `command`: the function does it, so that what follows a decision is done even when
 * the tool that asked for it dies.
 */
export const moderationMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('moderation'),
  queue: z.literal('command'),
  /** The id of the held mail. */
  id: z.string(),
  listid: z.string(),
  request_id: z.number().int(),
  /** Names this wish, however often its message comes: by it a decision knows who made it. */
  wish: z.string(),
  /** With `defer` nothing is decided; the mail is only forwarded. */
  deed: z.enum(['accept', 'reject', 'discard', 'defer']),
  /** The address of the moderator, or `expired`. */
  by: z.string(),
  comment: z.string().optional(),
  /** With accept: the moderation action that the sender has from now on. */
  sender_action: z.enum(['hold', 'reject', 'discard', 'accept', 'defer']).optional(),
  /** With reject or discard: the sender is banned from the list. */
  ban: z.boolean().optional(),
  /** Addresses that get a copy. */
  forward: z.array(z.string()).optional(),
});
export type ModerationMessage = z.infer<typeof moderationMessageSchema>;

/**
 * Something that the owners of a list are told about the delivery of a post, once for a post and kind, on `command`: the relay refused the
 * post itself, or delivery was given up.
 */
const troubleMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('trouble'),
  queue: z.literal('command'),
  /** The id of the post. */
  id: z.string(),
  listid: z.string(),
  trouble: z.enum(['refused-post', 'given-up']),
  /** The codes of the last reply, such as `554 5.6.0`. */
  reply: z.string(),
  at: z.string(),
});
export type TroubleMessage = z.infer<typeof troubleMessageSchema>;

/**
 * What somebody wants of a subscription, on `command`: a mail, a page and a tool all wish in the same words, and one runner does it, so that what
 * follows is done even when whoever wished is gone.
 */
export const subscriptionMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('subscription'),
  queue: z.literal('command'),
  /** Names this wish, however often its message comes. */
  id: z.string(),
  listid: z.string(),
  /** `confirm` by the address, `accept`, `reject` and `discard` by a moderator, with the token of the request; the others begin one. */
  deed: z.enum(['join', 'leave', 'confirm', 'accept', 'reject', 'discard']),
  /** With join and leave: whom it is about. */
  email: z.string().optional(),
  display_name: z.string().optional(),
  delivery_mode: z.enum(deliveryModes).optional(),
  invitation: z.boolean().optional(),
  pre_verified: z.boolean().optional(),
  pre_confirmed: z.boolean().optional(),
  pre_approved: z.boolean().optional(),
  send_welcome: z.boolean().optional(),
  /** With the others: the token of the request. */
  token: z.string().optional(),
  /** An address, or a word such as `command line`. */
  by: z.string(),
  comment: z.string().optional(),
  at: z.string(),
});
export type SubscriptionMessage = z.infer<typeof subscriptionMessageSchema>;

/** A mail is to be answered automatically, on `command`; its record knows the rest. */
const autoresponseMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('autoresponse'),
  queue: z.literal('command'),
  /** The id of the mail. */
  id: z.string(),
  listid: z.string(),
  destination: z.enum(['owner', 'postings', 'requests']),
});
export type AutoresponseMessage = z.infer<typeof autoresponseMessageSchema>;

/** An address takes the place of another one, with all its memberships, on `command`: it goes on until all are carried over. */
const addressChangeMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('address-change'),
  queue: z.literal('command'),
  id: z.string(),
  /** Of no list: the site's. */
  listid: z.string(),
  from: z.string(),
  to: z.string(),
  at: z.string(),
});
export type AddressChangeMessage = z.infer<typeof addressChangeMessageSchema>;

/**
 * What is due with a member whose delivery bounces have disabled, on `bounces`: the warning of a number, or after the last one the end. Who finds
 * that something else is due by now does nothing.
 */
const bounceWarningMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('bounce-warning'),
  queue: z.literal('bounces'),
  /** Names this warning, however often its message comes. */
  id: z.string(),
  listid: z.string(),
  email: z.string(),
  member_id: z.string(),
  number: z.number().int().positive(),
  at: z.string(),
});
export type BounceWarningMessage = z.infer<typeof bounceWarningMessageSchema>;

/** A day of a list is over, on `bounces`: what the owners hear of once a day is to be told. */
const bounceSummaryMessageSchema = z.object({
  v: z.literal(1),
  type: z.literal('bounce-summary'),
  queue: z.literal('bounces'),
  id: z.string(),
  listid: z.string(),
  /** Such as `2026-11-21`. */
  day: z.string(),
  kind: z.enum(['blocked', 'unrecognised']),
});
export type BounceSummaryMessage = z.infer<typeof bounceSummaryMessageSchema>;

/** Any message on any queue. */
export const queueMessageSchema = z.discriminatedUnion('type', [
  mailMessageSchema,
  postMessageSchema,
  chunkMessageSchema,
  refusalsMessageSchema,
  moderationMessageSchema,
  troubleMessageSchema,
  subscriptionMessageSchema,
  addressChangeMessageSchema,
  bounceWarningMessageSchema,
  bounceSummaryMessageSchema,
  autoresponseMessageSchema,
]);
export type QueueMessage = z.infer<typeof queueMessageSchema>;

export const queueNameSchema = z.enum(queueNames);
