import * as z from 'zod';
import type { BounceKind, BounceReason } from './bounce.ts';

const kinds = ['permanent', 'temporary', 'complaint'] as const satisfies readonly BounceKind[];
const reasons = [
  'user-unknown',
  'mailbox-full',
  'mailbox-disabled',
  'host-unknown',
  'no-route',
  'blocked',
  'dmarc',
  'content',
  'too-large',
  'loop',
  'policy',
  'expired',
  'complaint',
  'other',
] as const satisfies readonly BounceReason[];

const bounceSchema = z.object({
  address: z.string(),
  kind: z.enum(kinds),
  why: z.enum(reasons),
  code: z.string().optional(),
  detector: z.string(),
});

/** What a mail to the -bounces address was recognised as: the commit of its runner, by which a repetition goes on. */
export const bounceRecordSchema = z.object({
  kind: z.enum(['bounces', 'no-bounce', 'unrecognised', 'not-processed']),
  because: z.string().optional(),
  /** At most 100 of them: more are no bounce of one list. */
  bounces: z.array(bounceSchema).default([]),
  context: z.enum(['normal', 'verp', 'probe']).default('normal'),
  /** With a probe: its token. */
  token: z.string().optional(),
  /** The name of the mail that came back. */
  mail: z.string().optional(),
});
export type BounceRecord = z.infer<typeof bounceRecordSchema>;
