import type { Site } from '../config/site.ts';
import type { DeliveryPlan } from '../delivery/delivery-plan.ts';
import type { MailingList } from '../lists/list.ts';
import type { HeaderBlock } from '../mail/header-block.ts';
import type { HeaderEdit } from '../mail/header-edits.ts';
import type { Member, Role } from '../members/member.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { Metadata, MetadataNotes } from '../queue/messages.ts';

/** What a handler knows: plain data, so that it asks nobody. */
export interface HandlerContext {
  readonly list: MailingList;
  readonly site: Site;
  /** What was decided about the mail. */
  readonly record: MailRecord;
  /** The mail with the edits of the handlers before this one. */
  readonly mail: HeaderBlock;
  /** The metadata with what the handlers before this one have added. */
  readonly metadata: Metadata;
  /** The members who asked for no copy of what its author sends them as well, and who are so named in this mail; by their lower case. */
  readonly spared: ReadonlySet<string>;
  /** True for mail that Belfry wrote itself, whose Reply-To and Cc are as they shall be. */
  readonly fasttrack: boolean;
}

/** Whom a post goes to: which members, and who stands in when there is none. The runner reads them page by page. */
export interface RecipientPlan {
  readonly roles: readonly Role[];
  readonly keeps: (member: Member) => boolean;
  /** Whom the author of the post sends it to without the list, by their lower case; absent: that is of no matter. */
  readonly named?: ReadonlySet<string>;
  /** Addresses that get the post when no member does. */
  readonly otherwise: readonly string[];
}

/** What a handler wants done. The runner does it, in order. */
export type Effect =
  | { readonly kind: 'edit-header'; readonly edits: readonly HeaderEdit[] }
  /** The mail is another one from here on: for a handler whose job is the body (design, rule 1). */
  | { readonly kind: 'change-mail'; readonly mail: HeaderBlock }
  | { readonly kind: 'add-metadata'; readonly metadata: MetadataNotes }
  | { readonly kind: 'choose-recipients'; readonly plan: RecipientPlan }
  /** The post takes its number, unless it has one. */
  | { readonly kind: 'take-number' }
  /** The roster is fixed, and the post goes out in this way, with this envelope sender. */
  | { readonly kind: 'send-out'; readonly sender: string; readonly plan: DeliveryPlan };

/** One step of making a post (mailman-behaviour.md, section 9). It decides; it does nothing itself. */
export interface Handler {
  readonly name: string;
  readonly process: (context: HandlerContext) => readonly Effect[];
}
