import { parseProbe } from '../addresses/probe.ts';
import { verpSender } from '../addresses/verp.ts';
import type { BounceEvent } from '../bounces/bounce-event.ts';
import type { BounceRecord } from '../bounces/bounce-record.ts';
import type { Probe } from '../bounces/bounce-store.ts';
import { dayOf } from '../bounces/next-step.ts';
import { type CountedRecognition, recogniseCounted } from '../bounces/recognise.ts';
import { bounceDetail } from '../bounces/verp.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import { listAddress, type MailingList } from '../lists/list.ts';
import { decoded, parseHeaderBlock } from '../mail/header-block.ts';
import { oneLine } from '../notices/one-line.ts';
import { forwardUnrecognised } from '../notices/unrecognised-bounce.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { recordOfArrival } from '../posts/record-of-arrival.ts';
import type { MailMessage } from '../queue/messages.ts';
import { provedComplaint, unproved } from './bounce-complaint.ts';
import { applyBounces } from './bounce-events.ts';
import type { BouncePorts } from './bounce-ports.ts';

// A report of more addresses than this is about no one list.
const mostAddresses = 100;

const day = 86_400_000;

/** The probe that a mail answers by its envelope recipient, an address of the list that sent it. It is not used up by looking at it. */
const probeOf = async (
  { envelope, listid }: MailMessage,
  { site, store, clock }: BouncePorts,
): Promise<Probe | undefined> => {
  const { verp_delimiter, verp_probe_format } = site.mta;
  const detail = bounceDetail(envelope.recipient, verp_delimiter);
  const token = detail === undefined ? undefined : parseProbe(verp_probe_format, verp_delimiter, detail);
  const probe = token === undefined ? undefined : await store.probes.peek(token, clock.now());
  return probe?.list_id === listid ? probe : undefined;
};

const recordFrom = ({ recognition, mail }: CountedRecognition, probe: Probe | undefined): BounceRecord => {
  if (recognition.kind !== 'bounces') {
    const because = recognition.kind === 'no-bounce' ? { because: recognition.because } : {};
    return { kind: recognition.kind, ...because, bounces: [], context: 'normal' };
  }
  const bounces = recognition.bounces.slice(0, mostAddresses).map(({ diagnostic: _, ...bounce }) => bounce);
  if (probe !== undefined) return { kind: 'bounces', bounces, context: 'probe', token: probe.token };
  const verp = bounces.some(({ detector }) => detector === 'verp');
  const named = mail === undefined ? {} : { mail };
  return { kind: 'bounces', bounces, context: verp ? 'verp' : 'normal', ...named };
};

/** What a mail is, by its bytes and its envelope. A probe is read as if it had come to the VERP address of who was probed. */
const read = (
  message: MailMessage,
  list: MailingList,
  bytes: Buffer,
  probe: Probe | undefined,
  { site }: BouncePorts,
): BounceRecord => {
  if (!list.settings.process_bounces) return { kind: 'not-processed', bounces: [], context: 'normal' };
  const { sender, recipient } = message.envelope;
  const as =
    probe === undefined
      ? recipient
      : verpSender(site.mta.verp_format, listAddress(list, 'bounces'), probe.email);
  return recordFrom(recogniseCounted({ bytes, sender, recipient: as }, site.mta), probe);
};

const reasons: Readonly<Record<BounceRecord['kind'], (record: BounceRecord) => string>> = {
  bounces: ({ bounces }) =>
    `It tells of ${bounces.length} ${bounces.length === 1 ? 'address' : 'addresses'}.`,
  'no-bounce': ({ because }) => `It is no bounce: ${because ?? 'other'}.`,
  unrecognised: ({ because }) =>
    because === unproved
      ? 'It is a complaint, and nothing in it shows that it is about a mail of this list.'
      : 'Nobody can tell from it whom it is about.',
  'not-processed': () => 'The list does not process bounces.',
};

// As long as the Message-ID of a mail that came back may be.
const longestName = 200;

/** What names the mail that came back when its report does not tell: the report itself, which may come by two ways, and on two days. */
const reportName = ({ message_id }: MailRecord): string | undefined =>
  message_id.length > longestName ? undefined : `report ${message_id}`;

const eventsOf = (
  record: MailRecord,
  { bounces, context, mail = reportName(record) }: BounceRecord,
  list: MailingList,
  probe: Probe | undefined,
): readonly BounceEvent[] => {
  const about = { list, at: record.metadata.received_time, source: 'mail', blob: record.blob } as const;
  if (probe !== undefined) {
    const [bounce] = bounces.filter(({ kind }) => kind !== 'temporary').concat(bounces);
    if (bounce === undefined) return [];
    const named = { ...bounce, address: probe.email };
    return [{ ...about, id: `${record.id} probe`, bounce: named, context, probed: probe.member_id }];
  }
  return bounces.map((bounce) => ({
    ...about,
    id: `${record.id} ${bounce.address.toLowerCase()}`,
    bounce,
    context,
    mail,
  }));
};

/** The first of a day is forwarded at once, and the others are told of together when the day is over. */
const unrecognised = async (
  record: MailRecord,
  list: MailingList,
  bytes: Buffer,
  ports: BouncePorts,
): Promise<void> => {
  if (list.settings.forward_unrecognized_bounces_to === 'discard') return;
  const at = new Date(record.metadata.received_time);
  const today = dayOf(record.metadata.received_time);
  const name = `unrecognised#${list.list_id}#${today}`;
  const position = await ports.store.limits.position(name, record.id, 1, new Date(at.getTime() + 2 * day));
  if (position === 1) {
    await forwardUnrecognised({ cause: record.id, list, mail: bytes, at }, ports);
    return;
  }
  const subject = parseHeaderBlock(bytes).fields.find(({ key }) => key === 'subject');
  const said = subject === undefined ? '(no subject)' : oneLine(decoded(subject));
  const from = record.envelope.sender === '' ? '<>' : oneLine(record.envelope.sender);
  await ports.store.bounces.note(
    {
      list_id: list.list_id,
      day: today,
      kind: 'unrecognised',
      id: record.id,
      line: `${record.id}  ${from}  ${said}`,
    },
    new Date(at.getTime() + 30 * day),
  );
};

/**
 * Takes a mail to the -bounces address (mailman-behaviour.md, section 13.1). Its commit is the record, with what the mail was recognised as; who finds it
 * there goes by it, whatever the settings are by then. Each address is an event of its own, which knows itself again.
 * @throws ShuntError when its bytes are gone.
 */
export const runBounce = async (message: MailMessage, ports: BouncePorts): Promise<void> => {
  const { store, blobs, clock, site } = ports;
  const list = await store.lists.uncounted(message.listid);
  // Whom the bounces of a list that is gone are about does not matter any more.
  if (list === undefined) return;
  const bytes = await blobs.get(message.blob);
  if (bytes === undefined) throw new ShuntError('The bytes of this mail are gone from the bucket.');
  const known = await store.mails.get(message.id);
  const made = async (): Promise<MailRecord> => {
    const probe = await probeOf(message, ports);
    const recognised = read(message, list, bytes, probe, ports);
    const bounce =
      probe === undefined
        ? await provedComplaint(recognised, { bytes, envelope: message.envelope }, list, ports)
        : recognised;
    const now = clock.now();
    const record = recordOfArrival(message, {
      disposition: 'done',
      reason: reasons[bounce.kind](bounce),
      bounce,
      decided_at: now.toISOString(),
    });
    const expires = new Date(now.getTime() + site.retention.posts * 1000);
    return (await store.mails.commit(record, expires)) ?? record;
  };
  const record = known ?? (await made());
  const { bounce } = record;
  if (bounce === undefined) return;
  const isHard = bounce.bounces.some(({ kind }) => kind !== 'temporary');
  const probe =
    bounce.token === undefined || !isHard
      ? undefined
      : await store.probes.use(bounce.token, record.id, clock.now());
  // A probe that somebody else has used is over.
  const events =
    bounce.token !== undefined && probe === undefined ? [] : eventsOf(record, bounce, list, probe);
  if (bounce.kind === 'unrecognised') await unrecognised(record, list, bytes, ports);
  await applyBounces(
    {
      id: record.id,
      listId: list.list_id,
      source: 'mail',
      events,
      unrecognised: bounce.kind === 'unrecognised',
    },
    ports,
  );
};
