import { arrivedKey } from '../../lib/blobs/keys.ts';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { decoded, parseHeaderBlock } from '../../lib/mail/header-block.ts';
import type { Member } from '../../lib/members/member.ts';
import type { MailMessage, RefusalsMessage } from '../../lib/queue/messages.ts';
import { runBounce } from '../../lib/runners/bounce.ts';
import type { BouncePorts } from '../../lib/runners/bounce-ports.ts';
import { runRefusals } from '../../lib/runners/bounce-refusals.ts';
import { bounceRound } from '../../lib/runners/bounce-round.ts';
import { runSesEvent } from '../../lib/runners/bounce-ses.ts';
import { runBounceSummary } from '../../lib/runners/bounce-summary.ts';
import { runBounceWarning } from '../../lib/runners/bounce-warning.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { runScheduled } from '../../lib/runners/scheduled.ts';
import { readSesEvent, type SesEvent } from '../../lib/ses/ses-event.ts';
import { tagsOf } from '../../lib/ses/tags.ts';
import { openWorld } from './world.ts';

/** A delivery status report as Postfix writes it (RFC 3464), perhaps with the Message-ID of the mail that came back. */
export const report = (
  address: string,
  { status = '5.1.1', said = '550 5.1.1 User unknown', action = 'failed', returned = '' } = {},
): Buffer =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example.org (Mail Delivery System)',
      'To: bounces@example.com',
      'Subject: Undelivered Mail Returned to Sender',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      `<${address}>: host mx.example.org said: ${said}`,
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.org',
      '',
      `Final-Recipient: rfc822; ${address}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${said}`,
      '',
      ...(returned === ''
        ? []
        : ['--b', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${returned}`, 'Subject: Eggs', '']),
      '--b--',
      '',
    ].join('\r\n'),
  );

/** A report of spam (RFC 5965), and header fields of the mail that it is about. */
export const complaint = (address: string, fields: readonly string[] = []): Buffer =>
  Buffer.from(
    [
      'From: feedback@example.org',
      'To: bounces@example.com',
      'Subject: FW: Eggs',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'This is an email abuse report.',
      '',
      '--b',
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'User-Agent: SomeGenerator/1.0',
      'Version: 1',
      `Original-Rcpt-To: ${address}`,
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      `To: ${address}`,
      'Subject: Eggs',
      ...fields,
      '',
      'Hello',
      '--b--',
      '',
    ].join('\r\n'),
  );

/** What {@link report} and the like are told of. */
export interface Arriving {
  readonly recipient?: string;
  readonly sender?: string;
}

/** The bounce runner with the emulators behind it, and a clock that the test moves. */
export const openBounceWorld = async (overrides: SiteOverrides = {}) => {
  const world = await openWorld();
  const { store, blobs } = world;
  let now = Date.parse('2026-11-21T12:00:00.000Z');
  let mails = 0;
  const clock = { now: () => new Date(now) };
  const site = readSite({ ...overrides, mailman: { site_owner: 'postmaster@example.com' } });
  const ports: BouncePorts = { ...world.ports, clock, site };

  /** A mail to the -bounces address of a list, as the gateway leaves it. */
  const arrive = async (
    list: MailingList,
    bytes: Buffer,
    { recipient = `${list.list_name}-bounces@${list.mail_host}`, sender = '' }: Arriving = {},
  ): Promise<MailMessage> => {
    const id = `bounce-${++mails}`;
    await blobs.put(arrivedKey(id), bytes);
    return {
      v: 1,
      type: 'mail',
      queue: 'bounces',
      id,
      listid: list.list_id,
      blob: arrivedKey(id),
      messageId: `<${id}@mx.example.org>`,
      envelope: { sender, recipient },
      metadata: {
        original_size: bytes.length,
        received_time: clock.now().toISOString(),
        subaddress: 'bounces',
      },
    };
  };

  /** Takes a mail to the -bounces address. */
  const bounce = async (list: MailingList, bytes: Buffer, more: Arriving = {}): Promise<MailMessage> => {
    const message = await arrive(list, bytes, more);
    await runBounce(message, ports);
    return message;
  };

  const refusal = (
    list: MailingList,
    recipient: string,
    reply: string,
    id = `post-${++mails}`,
  ): RefusalsMessage => ({
    v: 1,
    type: 'refusals',
    queue: 'bounces',
    id,
    listid: list.list_id,
    roster: 'r',
    chunk: 0,
    attempt: 0,
    at: clock.now().toISOString(),
    refused: [{ recipient, reply }],
  });

  /** An event of Amazon SES about a mail of a list. */
  const sesEvent = (
    list: MailingList,
    body: Readonly<Record<string, unknown>>,
    post = `post-${++mails}`,
    messageId = `0100-${++mails}`,
  ): SesEvent => {
    const labels = tagsOf({ list: list.list_id, post, member: 'm' });
    const event = readSesEvent({
      mail: {
        timestamp: clock.now().toISOString(),
        messageId,
        tags: Object.fromEntries(labels.map(({ Name, Value }) => [Name, [Value]])),
      },
      ...body,
    });
    if (event === undefined) throw new Error('It is no event');
    return event;
  };

  const sesBounce = (
    list: MailingList,
    address: string,
    {
      type = 'Permanent',
      subType = 'General',
      status = '5.1.1' as string | null,
      post = undefined as string | undefined,
      messageId = undefined as string | undefined,
    } = {},
  ): SesEvent =>
    sesEvent(
      list,
      {
        eventType: 'Bounce',
        bounce: {
          bounceType: type,
          bounceSubType: subType,
          bouncedRecipients: [
            { emailAddress: address, ...(status === null ? {} : { action: 'failed', status }) },
          ],
          timestamp: clock.now().toISOString(),
          feedbackId: `feedback-${++mails}`,
        },
      },
      post,
      messageId,
    );

  const memberOf = (list: MailingList, email: string): Promise<Member | undefined> =>
    store.members.get(list.list_id, 'member', email);

  /** A post that went to the members that a list has now. */
  const post = async (list: MailingList): Promise<string> => {
    const bytes = Buffer.from(
      `From: anne@example.org\r\nTo: ${list.list_name}@${list.mail_host}\r\nSubject: Eggs\r\nMessage-ID: <p${++mails}@x.y>\r\n\r\nHi\r\n`,
    );
    const message = await world.arrive(list, bytes);
    await store.mails.commit({
      id: message.id,
      list_id: list.list_id,
      message_id: message.messageId,
      blob: message.blob,
      envelope: message.envelope,
      metadata: message.metadata,
      disposition: 'accepted',
      rule_hits: [],
      rule_misses: [],
      pipeline: 'default-posting-pipeline',
      decided_at: clock.now().toISOString(),
    });
    await runPipeline(world.asPost(message), { ...world.ports, clock, site });
    return message.id;
  };

  /** The notices that were sent since this was asked last, each as often as it was sent. */
  const notices = async () => {
    const found = [];
    for (const message of await world.receive('pipeline')) {
      if (message.type !== 'post') throw new Error('Only posts belong on pipeline');
      const record = await world.recordOf(message.id);
      const bytes = (await blobs.get(record.blob)) ?? Buffer.alloc(0);
      const subject = parseHeaderBlock(bytes).fields.find(({ key }) => key === 'subject');
      found.push({
        id: message.id,
        kind: /^Belfry wrote it itself: (.*)\.$/.exec(record.reason ?? '')?.[1] ?? '',
        list: record.list_id,
        to: record.metadata.recipients ?? [],
        subject: subject === undefined ? '' : decoded(subject),
        text: bytes.toString(),
        metadata: record.metadata,
      });
    }
    return found;
  };

  /** Does what the clock finds due with a list, as often as it is sent. */
  const strike = async (list: MailingList, times = 1): Promise<void> => {
    await bounceRound(list, { ...world.ports, clock });
    await due(times);
  };

  /** Does what the clock finds due with all lists. */
  const strikeAll = async (): Promise<void> => {
    await runScheduled({ ...world.ports, clock });
    await due(1);
  };

  const due = async (times: number): Promise<void> => {
    for (const message of await world.receive('bounces')) {
      for (let time = 0; time < times; time += 1) {
        if (message.type === 'bounce-warning') await runBounceWarning(message, ports);
        else if (message.type === 'bounce-summary') await runBounceSummary(message, ports);
        else throw new Error(`A message of type ${message.type} came`);
      }
    }
  };

  const did = (): unknown =>
    world.lines.map((line) => JSON.parse(line)).findLast(({ maillog }) => maillog === 'bounced')?.did;

  return {
    ...world,
    ports,
    clock,
    site,
    /** Moves the clock on. */
    pass: (days: number, hours = 0) => {
      now += days * 86_400_000 + hours * 3_600_000;
    },
    at: (iso: string) => {
      now = Date.parse(iso);
    },
    arriveBounce: arrive,
    bounce,
    refusal,
    refuse: (list: MailingList, recipient: string, reply: string) =>
      runRefusals(refusal(list, recipient, reply), ports),
    sesEvent,
    sesBounce,
    ses: (event: SesEvent) => runSesEvent(event, ports),
    memberOf,
    post,
    notices,
    strike,
    strikeAll,
    did,
  };
};

/** What {@link openBounceWorld} gives. */
export type BounceWorld = Awaited<ReturnType<typeof openBounceWorld>>;
