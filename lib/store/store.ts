import type { Bounces, Probes } from '../bounces/bounce-store.ts';
import type { ClaimOutcome, Ledger, LedgerVerdicts } from '../delivery/ledger.ts';
import type { Parked } from '../delivery/parked.ts';
import type { HeldMail, Moderation } from '../held/held-mail.ts';
import type { MailingList } from '../lists/list.ts';
import type { FormerMember } from '../members/former-member.ts';
import type { Member, Role } from '../members/member.ts';
import type { ListedPost } from '../posts/listed-post.ts';
import type { Arrival, MailRecord, PostRefusal, Roster, ShuntItem } from '../posts/mail-record.ts';
import type { SendQuota, Pace as SesPace } from '../ses/pace.ts';
import type { RequestKind, RequestState, SubscriptionRequest } from '../subscriptions/request.ts';
import type { Address, Moving } from '../users/address.ts';
import type { User } from '../users/user.ts';

/** The port to what Belfry remembers. Every method is one request unless it says otherwise. */
export interface Store {
  readonly domains: Domains;
  readonly lists: Lists;
  readonly members: Members;
  readonly arrivals: Arrivals;
  readonly mails: Mails;
  readonly ledgers: Ledgers;
  readonly shunt: Shunt;
  readonly held: Held;
  readonly bans: Bans;
  readonly templates: Templates;
  readonly limits: Limits;
  readonly parking: Parking;
  readonly pace: Pace;
  readonly sentIds: SentIds;
  readonly addresses: Addresses;
  readonly users: Users;
  readonly requests: Requests;
  readonly moved: Moved;
  readonly secrets: Secrets;
  readonly posts: Posts;
  readonly bounces: Bounces;
  readonly probes: Probes;
}

/** A mail domain. */
export interface Domain {
  readonly mail_host: string;
  readonly alias_domain?: string | undefined;
  readonly description?: string | undefined;
}

export interface Domains {
  /** The `mail_host` that a domain stands for: itself, or the one it is an alias of. Undefined when unknown. */
  readonly resolve: (domain: string) => Promise<string | undefined>;
  /** Makes a domain, or changes its alias and description. Two requests when it has an alias. */
  readonly put: (domain: Domain) => Promise<void>;
  readonly ls: () => AsyncIterable<Domain>;
}

export interface Lists {
  /** The list with exactly this posting address (lower case), by a consistent read. */
  readonly find: (fqdn: string) => Promise<MailingList | undefined>;
  readonly byId: (listId: string) => Promise<MailingList | undefined>;
  /**
   * The same in one item: what a list counts by itself (`lib/lists/settings/state.ts`) is left at its defaults. Deciding on a mail needs none of
   * it.
   */
  readonly uncounted: (listId: string) => Promise<MailingList | undefined>;
  /** Creates a list unless one with that id exists; says whether it did. */
  readonly create: (list: MailingList) => Promise<boolean>;
  readonly ls: () => AsyncIterable<MailingList>;
  /** Changes the given settings and no others; `undefined` when the list is gone. */
  readonly set: (
    listId: string,
    changes: Readonly<Record<string, unknown>>,
  ) => Promise<MailingList | undefined>;
  readonly remove: (listId: string) => Promise<void>;
  /** Takes the next post number, counting up. Notes the time as `last_post_at`. */
  readonly takePostNumber: (listId: string, now: Date) => Promise<number>;
}

export interface Members {
  /** Adds a member unless that address already has that role on that list; says whether it did. */
  readonly add: (member: Member) => Promise<boolean>;
  readonly get: (listId: string, role: Role, email: string) => Promise<Member | undefined>;
  /** Which of these addresses have these roles. One request for each 100 of them, whatever the size of the list. */
  readonly getMany: (
    listId: string,
    asked: readonly { readonly role: Role; readonly email: string }[],
  ) => Promise<readonly Member[]>;
  /**
   * Writes the changed fields of a member; undefined when there is no such member. `null` takes a field away. With `only`, just while these
   * fields are as given, and else undefined as well; a field that is undefined there must be absent.
   */
  readonly set: (
    listId: string,
    role: Role,
    email: string,
    changes: Readonly<Record<string, unknown>>,
    only?: Readonly<Record<string, unknown>>,
  ) => Promise<Member | undefined>;
  /** Removes, given an id that membership alone; says whether there was one. */
  readonly remove: (listId: string, role: Role, email: string, memberId?: string) => Promise<boolean>;
  /** The members in one role, sorted by address, a page (at most about 1 MB) at a time, by consistent reads. */
  readonly pages: (listId: string, role: Role) => AsyncIterable<readonly Member[]>;
  /** Every membership of an address, on all lists. */
  readonly of: (email: string) => AsyncIterable<Member>;
  /** What members had when they left. */
  readonly former: Former;
}

export interface Arrivals {
  /** Notes an arrival; gives the earlier one when it is a repetition that is still remembered (then two requests). */
  readonly note: (arrival: Arrival, forget: Date) => Promise<Arrival | undefined>;
  readonly get: (digest: string) => Promise<Arrival | undefined>;
  readonly countRepeat: (digest: string) => Promise<void>;
}

export interface Mails {
  /**
   * Writes what became of a mail unless it is written already; gives the earlier record when it is (then two requests).
   * Only what is finished expires; a mail that waits does not (design, rule 13).
   */
  readonly commit: (record: MailRecord, expires?: Date) => Promise<MailRecord | undefined>;
  readonly get: (id: string) => Promise<MailRecord | undefined>;
  readonly byMessageId: (messageId: string) => AsyncIterable<MailRecord>;
  /** Keeps the number of a post unless it has one; gives the number that it has now. */
  readonly keepNumber: (id: string, number: number) => Promise<number>;
  /** Fixes the roster unless it is fixed; gives the one that is fixed now. */
  readonly fixRoster: (id: string, roster: Roster) => Promise<Roster>;
  /**
   * Keeps the decision on a held mail unless there is one, and lets the record expire; with it goes where the bytes lie from
   * then on. Gives the decision that counts; two requests when it is another one.
   */
  readonly moderate: (
    id: string,
    moderation: Moderation,
    expires: Date,
    blob?: string,
  ) => Promise<Moderation>;
  /** Notes that the relay refused the post itself, unless that is noted; gives the first refusal. Undefined when the record is gone. */
  readonly markRefused: (id: string, refused: PostRefusal) => Promise<PostRefusal | undefined>;
}

export interface Ledgers {
  /** Writes fresh ledgers, 25 in a request. Their keys hold the random attempt of the roster, so nothing can be overwritten. */
  readonly open: (ledgers: readonly Ledger[]) => Promise<void>;
  readonly get: (id: string, roster: string, chunk: number) => Promise<Ledger | undefined>;
  /** Claims a chunk for an attempt (design, rule 8); with the first claim begins the `period`, in seconds. Two requests when the claim fails. */
  readonly claim: (claim: {
    readonly id: string;
    readonly roster: string;
    readonly chunk: number;
    readonly attempt: number;
    readonly owner: string;
    readonly now: Date;
    readonly leaseEnd: Date;
    readonly period: number;
  }) => Promise<ClaimOutcome>;
  /** Writes verdicts for the holder of an epoch; false when it is no longer the holder. */
  readonly write: (ledger: Ledger, verdicts: LedgerVerdicts) => Promise<boolean>;
  /**
   * Opens a ledger that is done for those who missed the post (`lib/delivery/reopen-ledger.ts`), in one conditional write; `period` is in
   * seconds. Gives what it is then: a message for its attempt is to be sent, once or more. One that was reopened before and has not
   * moved on since is given as well, so that whoever died before sending can be repeated. Undefined when nobody missed the post, or
   * when its delivery is under way anyhow. One request; two when somebody else was faster or `ledger` is out of date.
   */
  readonly reopen: (
    ledger: Ledger,
    at: { readonly now: Date; readonly period: number },
  ) => Promise<Ledger | undefined>;
}

export interface Shunt {
  readonly put: (item: ShuntItem) => Promise<void>;
  readonly get: (id: string) => Promise<ShuntItem | undefined>;
  readonly ls: () => AsyncIterable<ShuntItem>;
  readonly remove: (id: string) => Promise<void>;
}

export interface Held {
  /** Takes the next number of a held mail of a list; numbers increase, and a crash may leave a gap. */
  readonly takeNumber: (listId: string) => Promise<number>;
  /** Writes the item of a held mail, unless it is there. Written again after a crash, it is the same. */
  readonly put: (held: HeldMail) => Promise<void>;
  readonly get: (listId: string, requestId: number) => Promise<HeldMail | undefined>;
  readonly byToken: (token: string) => Promise<HeldMail | undefined>;
  /** The held mails of a list by their numbers, from a number on, so that they can be shown in pages. */
  readonly ls: (listId: string, from?: number) => AsyncIterable<HeldMail>;
  /** Notes who looks at a held mail; undefined when it is gone, the earlier claim when somebody else has it. `null` gives it back. */
  readonly claim: (
    listId: string,
    requestId: number,
    by: string | null,
    now: Date,
  ) => Promise<HeldMail | undefined>;
  readonly remove: (listId: string, requestId: number) => Promise<void>;
}

/** The bans of a list, or of the site when the list is `null`: exact addresses in lower case, and patterns that begin with `^`. */
export interface Bans {
  /** The bans of a list and of the site, in one request of two items. */
  readonly read: (
    listId: string,
  ) => Promise<{ readonly list: readonly string[]; readonly site: readonly string[] }>;
  readonly add: (listId: string | null, entry: string) => Promise<boolean>;
  readonly remove: (listId: string | null, entry: string) => Promise<boolean>;
  readonly ls: (listId: string | null) => Promise<readonly string[]>;
}

/** Texts that stand in place of the built-in ones, by Mailman's template names. */
export interface Templates {
  /** The text of the innermost of list, domain and site that has one. One request of three items. */
  readonly find: (
    name: string,
    where: { readonly listId: string; readonly domain: string },
  ) => Promise<string | undefined>;
  /** Where: a list id, a domain with a leading `@`, or `site`. */
  readonly set: (where: string, name: string, text: string) => Promise<void>;
  readonly remove: (where: string, name: string) => Promise<boolean>;
  readonly ls: (where: string) => AsyncIterable<{ readonly name: string; readonly text: string }>;
}

/** That delivery is parked, because the relay or Amazon SES refuses us (design, section 5). */
export interface Parking {
  /** Undefined while nothing is parked. Not a consistent read. */
  readonly read: () => Promise<Parked | undefined>;
  /** Parks, or goes on being parked: `since` stays what it was. */
  readonly park: (parking: {
    readonly reason: string;
    readonly now: Date;
    readonly until: Date;
  }) => Promise<Parked>;
  /** Takes the one probe for which `until` has passed, and moves `until` on; undefined when somebody else was faster. */
  readonly probe: (parked: Parked, until: Date) => Promise<Parked | undefined>;
  /**
   * Ends parking; given what is parked, only if nobody has parked or probed since. Gives what was ended; undefined when
   * nothing was.
   */
  readonly resume: (parked?: Parked) => Promise<Parked | undefined>;
}

/** The posts of a list, so that its latest ones can be named. */
export interface Posts {
  /** Notes a post until a date. Written again after a crash, it is the same item. */
  readonly note: (post: ListedPost, expires: Date) => Promise<void>;
  /** The posts of a list that have not expired, the latest first; a request for each 25. */
  readonly latest: (listId: string, now: Date) => AsyncIterable<ListedPost>;
}

/** A wish for slots to send in. */
export interface SlotLease {
  /** The pace by which the wish was reckoned. */
  readonly known: SesPace;
  /** How many mails. */
  readonly slots: number;
  /** How long they take together, in ms. */
  readonly span: number;
  /** The first moment at which one may lie, in ms since 1970. */
  readonly from: number;
}

/** How fast mail may leave through Amazon SES: one item that everybody who sends leases slots from. */
export interface Pace {
  readonly get: () => Promise<SesPace | undefined>;
  /** Notes the quota as SES gave it, and gives the whole. */
  readonly note: (quota: SendQuota, at: Date) => Promise<SesPace>;
  /**
   * Takes slots behind all that are leased, and counts them as sent: where they begin, and the pace after it. Undefined when the pace is not as known
   * any more, or the quota has no room. One request; two when nobody sent for a while, or somebody just began to.
   */
  readonly lease: (
    lease: SlotLease,
  ) => Promise<{ readonly first: number; readonly pace: SesPace } | undefined>;
  /** Halves the share of everybody until then. */
  readonly slow: (until: Date) => Promise<void>;
}

/** Which mail of ours an id of Amazon SES stands for. */
export interface SentIds {
  /** Keeps the original Message-IDs of mails by the ids that SES gave them, 25 in a request. Written again, it is the same. */
  readonly remember: (
    sent: readonly { readonly id: string; readonly messageId: string }[],
    expires: Date,
  ) => Promise<void>;
  readonly find: (id: string, now: Date) => Promise<string | undefined>;
}

/** What may happen only so often. */
export interface Limits {
  /**
   * Counts a cause under a name until a date, at most `most` + 1 of them, and gives its position from 1 on; the same cause has
   * the same position however often it asks. Undefined: there were more.
   */
  readonly position: (name: string, cause: string, most: number, until: Date) => Promise<number | undefined>;
  /**
   * True for the first cause under a name, however often that one asks, and for nobody else until that date has passed. Names are of another kind than
   * those of {@link position}. One request; two when somebody was first.
   */
  readonly once: (name: string, cause: string, now: Date, until: Date) => Promise<boolean>;
}

/**
 * Where memberships have gone whose address another one has replaced, by the id that a link in an old mail names: the address by now, and the id, which is
 * another one where two memberships have become one.
 */
export interface Moved {
  /** Written again, it is the same. */
  readonly put: (
    memberId: string,
    to: { readonly email: string; readonly member_id: string },
    expires: Date,
  ) => Promise<void>;
  readonly get: (
    memberId: string,
    now: Date,
  ) => Promise<{ readonly email: string; readonly member_id: string } | undefined>;
}

/** What members of role member had when they left, for when they come back. */
export interface Former {
  readonly put: (former: FormerMember, expires: Date) => Promise<void>;
  readonly get: (listId: string, email: string, now: Date) => Promise<FormerMember | undefined>;
  /** One request for each 100 of them; those that are not remembered are left out. */
  readonly getMany: (
    listId: string,
    emails: readonly string[],
    now: Date,
  ) => Promise<readonly FormerMember[]>;
  /** What an address had on all lists, by the index: what was written within the last second may be missing. */
  readonly of: (email: string, now: Date) => AsyncIterable<FormerMember>;
  /**
   * Lets another address have what one had on a list, beside what it had there itself (`lib/members/merge-members.ts`); says whether there was anything to
   * carry. May be repeated at any point, and must be when somebody wrote there at the same moment: then it stands where it stood. Four requests.
   */
  readonly carry: (former: FormerMember, email: string, now: Date) => Promise<boolean>;
}

/** What is known of addresses. An address may be a member without being known here. */
export interface Addresses {
  readonly get: (email: string) => Promise<Address | undefined>;
  /** One request for each 100 of them; those that are not known are left out. */
  readonly getMany: (emails: readonly string[]) => Promise<readonly Address[]>;
  /** What is known of an address, and its memberships on a list in these roles: one request for all of it. */
  readonly onList: (
    email: string,
    listId: string,
    roles: readonly Role[],
  ) => Promise<{ readonly address: Address | undefined; readonly members: readonly Member[] }>;
  /** Makes an address known unless it is; gives it as it is now. Two requests when it was known. */
  readonly register: (address: Address) => Promise<Address>;
  /** Notes that its mail is read by whoever says so, unless that was noted before; undefined when the address is not known. */
  readonly verify: (email: string, at: Date) => Promise<Address | undefined>;
  /** Writes the changed fields; undefined when the address is not known. `null` takes a field away. */
  readonly set: (email: string, changes: Readonly<Record<string, unknown>>) => Promise<Address | undefined>;
  /** Says whether there was one; given where it moves to, only while it does. */
  readonly remove: (email: string, movingTo?: string) => Promise<boolean>;
  /** The addresses of a user, by the index: one that was linked within the last second may be missing. */
  readonly of: (userId: string) => AsyncIterable<Address>;
  /**
   * Notes that an address takes the place of another; undefined when it is not known, or is on the move itself, or takes the place of
   * yet another one. `stale` is one whose place it was to take and does not.
   */
  readonly receive: (email: string, from: string, stale?: string) => Promise<Address | undefined>;
  /**
   * Begins to carry memberships from an address to another, which is the commit of every such move; undefined when the address is not
   * known, or is moving elsewhere, or takes the place of another one. Begun again, it goes on.
   */
  readonly move: (email: string, to: string, what: Moving) => Promise<Address | undefined>;
  /** Ends what {@link receive} noted, if it is about that address still. */
  readonly received: (email: string, from: string) => Promise<void>;
  /** Ends what {@link move} began, if it goes to that address still. */
  readonly moved: (email: string, to: string) => Promise<void>;
}

export interface Users {
  readonly get: (userId: string) => Promise<User | undefined>;
  /** Creates a user unless one with that id exists; says whether it did. */
  readonly create: (user: User) => Promise<boolean>;
  /** Writes the changed fields; undefined when there is no such user. `null` takes a field away. */
  readonly set: (userId: string, changes: Readonly<Record<string, unknown>>) => Promise<User | undefined>;
  /** Says whether there was one. Its addresses are not touched. */
  readonly remove: (userId: string) => Promise<boolean>;
  readonly ls: () => AsyncIterable<User>;
}

/** Where a request stands from now on, and why. */
export type RequestChange = Pick<
  SubscriptionRequest,
  'state' | 'token' | 'cause' | 'by' | 'comment' | 'confirmed_at' | 'changed_at' | 'expires_at'
>;

/** The wishes to join and to leave that wait: one for a list, kind and address. What has expired is not there. */
export interface Requests {
  /**
   * Begins a request unless one waits. `begun`: it is this one, or was begun by the same cause before and is as it was then: what follows
   * from it is to be done, once more if need be. `pending`: one waits already; with `ours`, it is the one that this cause began, and has
   * moved on since, so that nothing is left to do. One that is done counts as waiting for the membership that it is about: that is not ended
   * twice. Two requests; three when there is one.
   */
  readonly begin: (
    request: SubscriptionRequest,
    now: Date,
  ) => Promise<
    | { readonly kind: 'begun'; readonly request: SubscriptionRequest }
    | { readonly kind: 'pending'; readonly request: SubscriptionRequest; readonly ours: boolean }
  >;
  /**
   * The request that a token moves on. With a cause also the request, as it is now, which this token and that cause have moved on already:
   * its `cause` is that one, and what follows from it is to be done again. Consistent; two requests.
   */
  readonly byToken: (token: string, now: Date, cause?: string) => Promise<SubscriptionRequest | undefined>;
  readonly get: (
    listId: string,
    kind: RequestKind,
    email: string,
    now: Date,
  ) => Promise<SubscriptionRequest | undefined>;
  /** The requests of a list, joining before leaving, by address, a page at a time; all states unless one is given. */
  readonly ls: (
    listId: string,
    asked: { readonly now: Date; readonly kind?: RequestKind; readonly state?: RequestState },
  ) => AsyncIterable<SubscriptionRequest>;
  /** The requests of an address on all lists, by the index: one that was begun within the last second may be missing. */
  readonly of: (email: string, now: Date) => AsyncIterable<SubscriptionRequest>;
  /**
   * Moves a request on from its token to the next. `again`: this cause did it before, and here is what it made of it. `used`: somebody
   * else was faster, or it is gone or expired; here is what there is now. Two requests; three when it is not `advanced`.
   */
  readonly advance: (
    request: SubscriptionRequest,
    change: RequestChange,
    now: Date,
  ) => Promise<
    | { readonly kind: 'advanced' | 'again'; readonly request: SubscriptionRequest }
    | { readonly kind: 'used'; readonly request: SubscriptionRequest | undefined }
  >;
  /** Removes a request, if it stands where this one stands; its token does nothing any more. */
  readonly end: (request: SubscriptionRequest) => Promise<void>;
  /**
   * Puts a request under another address, unless that has one of its own; its tokens lead there from then on. Repeatable at any point.
   */
  readonly carry: (request: SubscriptionRequest, email: string, now: Date) => Promise<void>;
}

/** Keys by which Belfry signs what only Belfry may have written. */
export interface Secrets {
  /** 32 random bytes that were made when first asked for, and are the same ever after. */
  readonly key: (name: string) => Promise<Buffer>;
}
