import type { EmailAddress } from '../addresses/email-address.ts';
import type { Preferences } from '../users/preferences.ts';
import type { Member, Role } from './member.ts';

/** What somebody says of a member; what is absent is left open. */
export type Said = Pick<Preferences, 'delivery_mode' | 'delivery_status'> & Pick<Member, 'moderation_action'>;

/** Somebody who is to be on a list, as a line of a file says. */
export interface WantedMember {
  /** Counted from 1. */
  readonly line: number;
  readonly role: Role;
  readonly email: EmailAddress;
  /** Empty: the line says nothing of it. */
  readonly display_name: string;
  readonly said: Said;
  /** ISO 8601; absent: now. */
  readonly subscribed_at?: string | undefined;
}

/** A line that names nobody who can be on the list. */
export interface InvalidLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** What a line of a file comes to. */
export type Wish =
  | { readonly kind: 'wanted'; readonly wanted: WantedMember }
  | ({ readonly kind: 'invalid' } & InvalidLine);
