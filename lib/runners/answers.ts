import { addressKey, parseEmailAddress } from '../addresses/email-address.ts';
import type { Clock } from '../clock/clock.ts';
import type { DmarcLookup } from '../dmarc/dmarc-lookup.ts';
import type { MailingList } from '../lists/list.ts';
import { passwordFits } from '../lists/settings/moderator-password.ts';
import { addressesIn } from '../mail/address-list.ts';
import type { HeaderBlock } from '../mail/header-block.ts';
import type { Member, Role } from '../members/member.ts';
import { type Answers, type Approval, noAnswers, type Question } from '../rules/answers.ts';
import type { Store } from '../store/store.ts';

/** What answering the questions of rules needs of the world. */
export interface AnswerPorts {
  readonly store: Pick<Store, 'members' | 'bans'> & {
    /** Absent when nothing shall be written, and passwords are then checked without counting the tries. */
    readonly limits?: Store['limits'];
  };
  readonly clock: Clock;
  readonly dmarc: DmarcLookup;
}

/** About what the questions are. */
export interface Asked {
  /** The id of the mail, which counts as one try of a password however often it is decided. */
  readonly id: string;
  readonly list: MailingList;
  readonly mail: HeaderBlock;
  readonly senders: readonly string[];
  /** The password that the mail carries. */
  readonly approvedBy: string | undefined;
  readonly questions: ReadonlySet<Question>;
}

/** A mail names at most a handful of senders; who names hundreds wants us to read. The rest is nobody that we know. */
const mostSenders = 25;

/** How many passwords may be tried on one list in an hour. One costs a tenth of a second, and nobody guesses one by 30 tries. */
const mostTries = 30;

const byKey = (members: readonly Member[], ...roles: readonly Role[]): ReadonlyMap<string, Member> =>
  new Map(
    members.filter(({ role }) => roles.includes(role)).map((member) => [addressKey(member.email), member]),
  );

/** Members and owners in one request; nonmembers in another, which an ordinary post does not need. */
const peopleAmong = async (
  { list, senders, questions }: Asked,
  { members }: Pick<Store, 'members'>,
): Promise<Pick<Answers, 'members' | 'nonmembers' | 'owners'>> => {
  const asMember: readonly Role[] = questions.has('members') ? ['member'] : [];
  const asOwner: readonly Role[] =
    questions.has('owners') && !list.settings.allow_list_posts ? ['owner', 'moderator'] : [];
  const people = [...new Set(senders)].slice(0, mostSenders);
  const ask = (roles: readonly Role[]): Promise<readonly Member[]> =>
    roles.length === 0 || people.length === 0
      ? Promise.resolve([])
      : members.getMany(
          list.list_id,
          people.flatMap((email) => roles.map((role) => ({ role, email }))),
        );
  const found = await ask([...asMember, ...asOwner]);
  const known = byKey(found, 'member');
  const strangers = questions.has('members') && known.size === 0 ? await ask(['nonmember']) : [];
  return { members: known, nonmembers: byKey(strangers, 'nonmember'), owners: byKey(found, ...asOwner) };
};

/** Checks the password. Tries are counted before one is looked at, or who guesses right would never be stopped. */
const approvalOf = async (
  { id, list, approvedBy, questions }: Asked,
  { store, clock }: AnswerPorts,
): Promise<Approval> => {
  const hash = list.settings.moderator_password;
  if (!questions.has('approval') || hash === null || approvedBy === undefined) return 'none';
  const now = clock.now();
  const hour = now.toISOString().slice(0, 13);
  const forgotten = new Date(now.getTime() + 7_200_000);
  const place = await store.limits?.position(`approved#${list.list_id}#${hour}`, id, mostTries, forgotten);
  if (store.limits !== undefined && (place === undefined || place > mostTries)) return 'unchecked';
  return passwordFits(approvedBy, hash) ? 'fits' : 'wrong';
};

/** The domain of the first address of From. */
const authorDomain = (mail: HeaderBlock): string | undefined => {
  const [author] = addressesIn(mail, 'from');
  const address = parseEmailAddress(author?.address ?? '');
  return address?.slice(address.lastIndexOf('@') + 1).toLowerCase();
};

const dmarcOf = async (
  { list, mail, questions }: Asked,
  dmarc: DmarcLookup,
): Promise<Pick<Answers, 'dmarc'>> => {
  if (!questions.has('dmarc') || list.settings.dmarc_mitigate_action === 'no_mitigation') return {};
  const domain = authorDomain(mail);
  return domain === undefined ? {} : { dmarc: await dmarc(domain) };
};

/**
 * Answers what the rules of a chain ask, side by side and with as few reads as can be: for a post by a member two items of bans and one for each sender,
 * whatever the size of the list.
 */
export const answersFor = async (asked: Asked, ports: AnswerPorts): Promise<Answers> => {
  const { list, questions } = asked;
  const [people, bans, approval, dmarc] = await Promise.all([
    peopleAmong(asked, ports.store),
    questions.has('bans') ? ports.store.bans.read(list.list_id) : noAnswers.bans,
    approvalOf(asked, ports),
    dmarcOf(asked, ports.dmarc),
  ]);
  return { ...people, bans, approval, ...dmarc };
};
