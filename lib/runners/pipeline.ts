import { addressKey } from '../addresses/email-address.ts';
import type { Site } from '../config/site.ts';
import { type DispatchPorts, dispatchPost, sendChunks } from '../delivery/dispatch.ts';
import type { RosterEntry } from '../delivery/roster.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { Effect, RecipientPlan } from '../handlers/handler.ts';
import type { MailingList } from '../lists/list.ts';
import { decoded, type HeaderBlock, joinMail, parseHeaderBlock } from '../mail/header-block.ts';
import { applyEdits } from '../mail/header-edits.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import { languageOf, preferenceOf } from '../members/effective.ts';
import { oneLine } from '../notices/one-line.ts';
import { pipelines } from '../pipelines/pipelines.ts';
import type { MailRecord, Roster } from '../posts/mail-record.ts';
import type { Metadata, PostMessage } from '../queue/messages.ts';
import { mendAnswerFrom } from '../ses/mend-answer.ts';
import type { Store } from '../store/store.ts';

/** What making a post needs of the world. */
export interface PipelinePorts extends DispatchPorts {
  readonly store: Pick<Store, 'lists' | 'members' | 'mails' | 'ledgers' | 'posts' | 'pace' | 'sentIds'>;
  readonly site: Site;
  readonly log: Pick<MailLog, 'posted'>;
}

/** A post in the making. */
interface Making {
  readonly list: MailingList;
  readonly record: MailRecord;
  readonly mail: HeaderBlock;
  readonly metadata: Metadata;
  readonly recipients: readonly RosterEntry[] | undefined;
  readonly spared: ReadonlySet<string>;
  readonly roster: Roster | undefined;
}

/** Whom a plan chooses, and whom it leaves out because their copy comes from the author, and they want no second one. */
interface Chosen {
  readonly recipients: readonly RosterEntry[];
  readonly spared: ReadonlySet<string>;
}

/**
 * The recipients that a plan chooses. Members come in pages, and only what the roster needs of each is kept, so that a list of
 * 100,000 fits. Who has two roles gets one copy.
 */
const choose = async (
  list: Pick<MailingList, 'list_id'>,
  plan: RecipientPlan,
  members: Store['members'],
): Promise<Chosen> => {
  const spared = new Set<string>();
  const chosen = new Map<string, RosterEntry>();
  for (const role of plan.roles) {
    for await (const page of members.pages(list.list_id, role)) {
      for (const member of page) {
        const key = addressKey(member.email);
        if (!plan.keeps(member) || chosen.has(key)) continue;
        const named = plan.named?.has(key) === true;
        if (named && !preferenceOf(member, 'receive_list_copy')) {
          spared.add(key);
          continue;
        }
        const language = languageOf(member);
        chosen.set(key, {
          email: member.email,
          member: member.member_id,
          ...(member.display_name === '' ? {} : { name: member.display_name }),
          ...(language === undefined ? {} : { language }),
          ...(named ? { duplicate: true } : {}),
        });
      }
    }
  }
  const recipients = chosen.size > 0 ? [...chosen.values()] : plan.otherwise.map((email) => ({ email }));
  return { recipients, spared };
};

/** The recipients that a plan chooses. */
export const recipientsOf = async (...given: Parameters<typeof choose>): Promise<readonly RosterEntry[]> =>
  (await choose(...given)).recipients;

/** The number of a post is taken once; when two take one, the first that is kept counts, and the other leaves a gap. */
const numberOf = async (record: MailRecord, { store, clock }: PipelinePorts): Promise<number> => {
  if (record.post_number !== undefined) return record.post_number;
  const taken = await store.lists.takePostNumber(record.list_id, clock.now());
  return store.mails.keepNumber(record.id, taken);
};

/** Gives the post its number, and notes it among the posts of its list; what is noted follows from the record, so it may be noted again. */
const numbered = async ({ record, mail }: Making, ports: PipelinePorts): Promise<MailRecord> => {
  const number = await numberOf(record, ports);
  const subject = mail.fields.find(({ key }) => key === 'subject');
  await ports.store.posts.note(
    {
      list_id: record.list_id,
      id: record.id,
      number,
      at: record.moderation?.at ?? record.decided_at,
      message_id: oneLine(record.message_id),
      subject: subject === undefined ? '' : oneLine(decoded(subject)),
    },
    new Date(ports.clock.now().getTime() + ports.site.retention.posts * 1000),
  );
  return { ...record, post_number: number };
};

const sendOut = async (
  making: Making,
  { sender, plan }: Extract<Effect, { kind: 'send-out' }>,
  ports: PipelinePorts,
): Promise<Roster> => {
  const { record, mail, metadata } = making;
  const recipients = making.recipients ?? metadata.recipients?.map((email) => ({ email }));
  if (recipients === undefined) {
    throw new ShuntError(`The pipeline ${record.pipeline} does not say who gets the mail ${record.id}.`);
  }
  return dispatchPost({ record, post: joinMail(mail), recipients, sender, plan }, ports);
};

const perform = async (making: Making, effect: Effect, ports: PipelinePorts): Promise<Making> => {
  switch (effect.kind) {
    case 'edit-header':
      return { ...making, mail: applyEdits(making.mail, effect.edits) };
    case 'change-mail':
      return { ...making, mail: effect.mail };
    case 'add-metadata':
      return { ...making, metadata: { ...making.metadata, ...effect.metadata } };
    case 'choose-recipients':
      return { ...making, ...(await choose(making.list, effect.plan, ports.store.members)) };
    case 'take-number':
      return { ...making, record: await numbered(making, ports) };
    case 'send-out':
      return { ...making, roster: await sendOut(making, effect, ports) };
  }
};

const begin = async (record: MailRecord, { store, blobs, clock, site }: PipelinePorts): Promise<Making> => {
  const [list, bytes] = await Promise.all([store.lists.byId(record.list_id), blobs.get(record.blob)]);
  if (list === undefined) throw new ShuntError(`The list ${record.list_id} does not exist any more.`);
  if (bytes === undefined) throw new ShuntError(`The bytes of the mail ${record.id} are gone.`);
  const arrived = parseHeaderBlock(bytes);
  // What answers a mail that SES sent names an id that the other members have never seen.
  const mail = site.delivery.transport === 'ses' ? await mendAnswerFrom(arrived, { store, clock }) : arrived;
  return {
    list,
    record,
    mail,
    metadata: record.metadata,
    recipients: undefined,
    spared: new Set(),
    roster: undefined,
  };
};

/** Makes the post and fixes its roster. */
const make = async (record: MailRecord, ports: PipelinePorts): Promise<MailRecord> => {
  const pipeline = pipelines.find(({ name }) => name === record.pipeline);
  if (pipeline === undefined) throw new ShuntError(`There is no pipeline named ${record.pipeline}.`);
  let making = await begin(record, ports);
  for (const handler of pipeline.handlers) {
    const { site } = ports;
    for (const effect of handler.process({ ...making, site, fasttrack: pipeline.fasttrack })) {
      making = await perform(making, effect, ports);
    }
  }
  if (making.roster === undefined) throw new ShuntError(`The pipeline ${pipeline.name} sends nothing out.`);
  return { ...making.record, roster: making.roster };
};

/**
 * Makes one post from the queue `pipeline`. Its one commit is the roster (design, rule 6): once that is fixed, nothing is made
 * again, and only the messages of its chunks are sent once more. A post without recipients has a roster of no chunks.
 * @throws ShuntError when the record, the list or the bytes are gone.
 */
export const runPipeline = async (message: PostMessage, ports: PipelinePorts): Promise<void> => {
  const record = await ports.store.mails.get(message.id);
  if (record === undefined) throw new ShuntError(`Nothing is known of the mail ${message.id} any more.`);
  if (record.roster !== undefined) await sendChunks(record, record.roster, ports.queues);
  const { roster, post_number } = record.roster === undefined ? await make(record, ports) : record;
  ports.log.posted({
    id: record.id,
    list: record.list_id,
    number: post_number,
    recipients: roster?.recipients ?? 0,
    chunks: roster?.chunks ?? 0,
  });
};
