import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Fate } from '../../infra/local/emulators/ses/account.ts';
import { eventOf } from '../../infra/local/emulators/ses/events.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';
import { sesControl } from '../harness/ses-stub.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { type StackClock, startClock } from './bounce-clock.ts';
import { freePort } from './free-port.ts';
import { makeList } from './make-list.ts';
import { type PostfixInstance, startPostfix } from './postfix-instance.ts';
import { shunted } from './shunted.ts';

// The life of two members whose mail comes back, whole: posts, scores, a probe, three warnings and the removal, in 23 days by a clock that the test moves.
// Once with Postfix as the relay, which refuses one of them at RCPT, and accepts the mail for the other one and sends it back later with a report of its
// own; and once with Amazon SES, which tells of both by events.

const [anne, bart, cris] = ['anne@example.org', 'bart@example.org', 'cris@example.org'] as const;
const owner = 'olga@example.net';
const threshold = 3;
const probing: SiteOverrides = { mta: { verp_delivery_interval: 1, verp_probes: true } };

const folder = mkdtempSync(join(tmpdir(), 'belfry-clock-'));
let clock: StackClock;
beforeAll(() => {
  clock = startClock(join(folder, 'ahead'));
});
afterAll(() => {
  clock.stop();
  rmSync(folder, { recursive: true });
});

/** A list on a stack, and what happens to it. */
interface Life {
  readonly stack: Stack;
  readonly address: string;
  /** Waits until nothing is under way, neither in the stack nor behind it. */
  readonly settle: () => Promise<void>;
  /** Where mail arrives in the end. */
  readonly sink: TestRelay;
}

const listId = ({ address }: Life): string => address.replace('@', '.');

const makeLife = async (life: Life, members: readonly string[]): Promise<void> => {
  const settings = { bounce_score_threshold: threshold, dmarc_mitigate_action: 'no_mitigation' };
  await makeList(life.stack, life.address, members, settings);
  await life.stack.store.members.add({
    member_id: `owner of ${life.address}`,
    list_id: listId(life),
    role: 'owner',
    email: owner,
    display_name: '',
    subscribed_at: new Date().toISOString(),
  });
};

let posts = 0;

/** Anne posts, so often, and everything that follows from it happens. */
const post = async (life: Life, times = 1): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    const number = ++posts;
    const mail = [
      `From: ${anne}`,
      `To: ${life.address}`,
      `Subject: Post ${number}`,
      `Message-ID: <${number}@example.org>`,
      '',
      'Hello.',
      '',
    ];
    await deliverLikeAnMta(() => life.stack.lmtpPort, anne, [life.address], mail.join('\r\n'));
    await life.settle();
  }
};

/** The hour strikes, and everything that is due happens. */
const strike = async (life: Life): Promise<void> => {
  await life.stack.invoke('scheduled');
  await life.settle();
};

/** How it stands with somebody, in what a person sees: score, status and warnings. */
const standing = async (life: Life, email: string): Promise<string> => {
  const member = await life.stack.store.members.get(listId(life), 'member', email);
  if (member === undefined) return 'no member';
  const { bounce_score = 0, delivery_status = 'enabled', total_warnings_sent = 0 } = member;
  return `score ${bounce_score}, ${delivery_status}, warned ${total_warnings_sent}`;
};

const subjectOf = (message: Buffer): string =>
  /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(message.toString('latin1'))?.[1]?.replace(/\r\n/g, '') ?? '';

/** The subjects of what somebody got, sorted. */
const mailTo = ({ sink }: Life, email: string): readonly string[] =>
  sink.received
    .filter(({ recipients }) => recipients.includes(email))
    .map(({ message }) => subjectOf(message))
    .sort();

/** Days of posts, until both are disabled: two posts a day raise the score once, and the bounce of the probe ends the last day. */
const untilDisabled = async (life: Life): Promise<void> => {
  for (let day = 1; day < threshold; day += 1) {
    await post(life, 2);
    for (const email of [bart, cris]) {
      expect([day, email, await standing(life, email)]).toEqual([
        day,
        email,
        `score ${day}, enabled, warned 0`,
      ]);
    }
    clock.pass(1);
  }
  await post(life, 2);
  for (const email of [bart, cris]) {
    expect([email, await standing(life, email)]).toEqual([email, 'score 0, by_bounces, warned 0']);
  }
  const told = [bart, cris].map((email) => `Delivery to ${email} is disabled on ${life.address}`);
  expect(mailTo(life, owner).filter((subject) => subject.startsWith('Delivery to'))).toEqual(told);
};

/** The warnings, a week apart, and after the last one the end. */
const untilRemoved = async (life: Life, triesFor: (email: string) => number): Promise<void> => {
  for (const [days, warned] of [
    [0, 1],
    [1, 1],
    [6, 2],
    [7, 3],
  ] as const) {
    clock.pass(days);
    const before = [bart, cris].map(triesFor);
    await strike(life);
    await strike(life);
    for (const [index, email] of [bart, cris].entries()) {
      expect([email, await standing(life, email)]).toEqual([email, `score 0, by_bounces, warned ${warned}`]);
      // The warning was sent, if only to come back: once, and on the day between two of them not at all.
      expect([email, days, triesFor(email) - (before[index] ?? 0)]).toEqual([
        email,
        days,
        days === 1 ? 0 : 1,
      ]);
    }
  }
  clock.pass(7);
  await strike(life);
  await strike(life);
  for (const email of [bart, cris])
    expect([email, await standing(life, email)]).toEqual([email, 'no member']);
  const told = [bart, cris].map((email) => `${email} was removed from ${life.address} by bounces`);
  expect(mailTo(life, owner).filter((subject) => subject.includes('removed'))).toEqual(told);
};

const expectQuiet = async ({ stack }: Life): Promise<void> => {
  expect(await shunted(stack)).toEqual([]);
  expect(stack.problems).toEqual([]);
};

describe('behind Postfix', () => {
  let life: Life;
  let postfix: PostfixInstance;

  beforeAll(async () => {
    const sink = await startRelay({
      rcpt: (recipient) => (recipient === bart ? '550 5.1.1 Nobody of that name' : '250 2.1.5 Ok'),
    });
    const port = await freePort();
    const stack = await startStack({
      lateConfig: probing,
      relay: { host: '127.0.0.1', port },
      functionEnv: clock.env,
      gatewayEnv: clock.env,
    });
    const settle = async (): Promise<void> => {
      for (const until = performance.now() + 60_000; performance.now() < until; await delay(100)) {
        const before = JSON.stringify(stack.invokeCounts());
        await stack.idle(60_000);
        if ((await postfix.waiting()) !== undefined) continue;
        await stack.idle(60_000);
        if (JSON.stringify(stack.invokeCounts()) === before) return;
      }
      throw new Error(`Postfix is not done:\n${await postfix.waiting()}`);
    };
    life = { stack, sink, settle, address: 'ant@lists.example.com' };
    // The relay of the organisation knows that Cris is gone, and of Bart it hears only from the next server. Mail for the lists it hands to Belfry.
    postfix = await startPostfix(
      'relay',
      `relayhost = [127.0.0.1]:${sink.port}
transport_maps = inline:{ lists.example.com=lmtp:[127.0.0.1]:${stack.lmtpPort} }
smtpd_recipient_restrictions = check_recipient_access inline:{ { ${cris} = 550 5.1.1 User unknown } }, permit_mynetworks, reject
`,
      '',
      port,
    );
    await makeLife(life, [anne, bart, cris]);
  });

  afterAll(async () => {
    await postfix?.stop();
    await life?.stack.stop();
    await life?.sink.close();
  });

  it('scores rise once a day, a probe comes back, and delivery is disabled', async () => {
    await untilDisabled(life);
    // Of Bart it was Postfix that told, by mail, at the address that was made for him; of Cris it was the reply to RCPT.
    const log = postfix.log();
    expect(log).toMatch(/ to=<ant-bounces\+bart=example\.org@lists\.example\.com>, .* status=sent /);
    expect(log).toMatch(/ to=<ant-bounces\+[0-9a-f]{40}@lists\.example\.com>, .* status=sent /);
    expect(log).toMatch(/NOQUEUE: reject: RCPT .* 550 5\.1\.1 <cris@example\.org>/);
  });

  it('three warnings follow, and the removal', async () => {
    await untilRemoved(life, (email) =>
      email === bart
        ? life.sink.commands.filter((command) => command.includes(bart)).length
        : postfix.log().split('NOQUEUE: reject: RCPT').length - 1,
    );
    await post(life);
    expect(mailTo(life, anne)).toHaveLength(2 * threshold + 1);
    await expectQuiet(life);
  });
});

const mailSchema = z.object({
  messageId: z.string(),
  source: z.string(),
  destinations: z.array(z.string()),
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
  configurationSet: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
});

describe('on Amazon SES', () => {
  const dora = 'dora@example.org';
  const doomed: ReadonlyMap<string, Fate> = new Map([
    [bart, 'permanent'],
    [cris, 'suppressed'],
    [dora, 'complaint'],
  ]);
  let life: Life;
  let sqs: SQSClient;

  beforeAll(async () => {
    const sink = await startRelay();
    const stack = await startStack({
      config: { delivery: { transport: 'ses' }, ses: { domains: ['lists.example.com'] } },
      lateConfig: probing,
      relay: { host: '127.0.0.1', port: sink.port },
      functionEnv: clock.env,
      gatewayEnv: clock.env,
    });
    const ses = sesControl(stack.ses?.control ?? '');
    await ses.account({ max_send_rate: 200 });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint: stack.endpoints.sqs });

    // The stub has the machine's clock, and its events that of the test: so it takes the mail, and SES tells a while after that it came to nothing.
    const told = new Set<string>();
    const tell = async (): Promise<boolean> => {
      const mails = z.array(mailSchema).parse(await ses.mails());
      const fresh = mails.filter(({ messageId }) => !told.has(messageId));
      for (const mail of fresh) {
        told.add(mail.messageId);
        const [recipient = ''] = mail.destinations;
        const fate = doomed.get(recipient);
        if (fate === undefined) continue;
        const MessageBody = JSON.stringify(eventOf(fate, { ...mail, at: new Date() }, recipient));
        await sqs.send(new SendMessageCommand({ QueueUrl: stack.made.queueUrls.bounces, MessageBody }));
      }
      return fresh.length > 0;
    };
    const settle = async (): Promise<void> => {
      do await stack.idle(60_000);
      while (await tell());
    };
    life = { stack, sink, settle, address: 'bee@lists.example.com' };
    await makeLife(life, [anne, bart, cris, dora]);
  });

  afterAll(async () => {
    sqs?.destroy();
    await life?.stack.stop();
    await life?.sink.close();
  });

  it('who complains is taken off the list at once, and the owner is told once', async () => {
    await post(life);
    expect(await standing(life, dora)).toBe('no member');
    expect(mailTo(life, owner)).toEqual([`${dora} reported a message of ${life.address} as spam`]);
    // The first point of the others is forgotten by then.
    clock.pass(8);
  });

  it('scores rise once a day, a probe comes back, and delivery is disabled', () => untilDisabled(life));

  it('three warnings follow, and the removal', async () => {
    await untilRemoved(life, (email) => mailTo(life, email).length);
    await post(life);
    expect(mailTo(life, anne)).toHaveLength(2 * threshold + 2);
    await expectQuiet(life);
  });
});
