import * as z from 'zod';
import type { Member } from '../members/member.ts';

/** Something that the owners of a list hear of once a day, all together. */
export const dayNoteSchema = z.object({
  list_id: z.string(),
  /** The UTC day, such as `2026-11-21`. */
  day: z.string(),
  kind: z.enum(['blocked', 'unrecognised']),
  /** What it is about: noted again, it is the same note. */
  id: z.string(),
  /** What the owners read of it. */
  line: z.string(),
});
export type DayNote = z.infer<typeof dayNoteSchema>;

/** A mail to a member whose address is in doubt: when it comes back, delivery is disabled. */
export const probeSchema = z.object({
  token: z.string(),
  list_id: z.string(),
  member_id: z.string(),
  email: z.string(),
  /** ISO 8601. */
  at: z.string(),
  expires_at: z.string(),
});
export type Probe = z.infer<typeof probeSchema>;

/** What is remembered of bounces beside the members themselves. Every method is one request unless it says otherwise. */
export interface Bounces {
  /**
   * Changes a member of role member, but only one that is as given in all that bounces change or decide by; undefined when it is otherwise now, or
   * gone. `null` takes a field away. This is the one commit of each step.
   */
  readonly change: (
    member: Member,
    changes: Readonly<Record<string, unknown>>,
  ) => Promise<Member | undefined>;
  /** Removes this membership, with `disabled` only while bounces disable it; says whether it did. */
  readonly remove: (member: Member, only?: 'disabled') => Promise<boolean>;
  /** Notes that a member has a score or is disabled, so that they are found without reading the whole list. */
  readonly point: (listId: string, email: string, expires: Date) => Promise<void>;
  /** Those of whom that was noted, as they are now, in pages: at most 100 members in two requests. Who has neither any more is left out. */
  readonly ls: (listId: string, now: Date) => AsyncIterable<readonly Member[]>;
  /** The same by reading the whole list: finds those whom a person has disabled in the name of bounces. */
  readonly allDisabled: (listId: string) => AsyncIterable<readonly Member[]>;
  readonly note: (note: DayNote, expires: Date) => Promise<void>;
  /** The notes of the days before one, by day and kind. */
  readonly notesBefore: (listId: string, day: string) => AsyncIterable<DayNote>;
  /** The notes of one day and kind. */
  readonly notesOf: (listId: string, day: string, kind: DayNote['kind']) => AsyncIterable<DayNote>;
  readonly dropNote: (note: DayNote) => Promise<void>;
}

/** The probes that are on their way (mailman-behaviour.md, section 16): each is good for one use. */
export interface Probes {
  /** Written again, it is the same; one that is used stays so. */
  readonly put: (probe: Probe) => Promise<void>;
  /** Uses a probe; the same event may use it again, and nobody else. Undefined when there is none, or it has expired. */
  readonly use: (token: string, event: string, now: Date) => Promise<Probe | undefined>;
  /** Looks at a probe that nobody has used, without using it. */
  readonly peek: (token: string, now: Date) => Promise<Probe | undefined>;
}
