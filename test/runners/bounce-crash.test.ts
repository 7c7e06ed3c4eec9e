import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { runBounce } from '../../lib/runners/bounce.ts';
import type { BouncePorts } from '../../lib/runners/bounce-ports.ts';
import { runRefusals } from '../../lib/runners/bounce-refusals.ts';
import { bounceRound } from '../../lib/runners/bounce-round.ts';
import { runSesEvent } from '../../lib/runners/bounce-ses.ts';
import { runBounceSummary } from '../../lib/runners/bounce-summary.ts';
import { runBounceWarning } from '../../lib/runners/bounce-warning.ts';
import { mayDie, mortalPorts } from './bounce-death.ts';
import { type BounceWorld, complaint, openBounceWorld, report } from './bounce-world.ts';

// The runner dies after each of its calls in turn, and its message comes again, as the queue brings it: whoever bounced has been scored once, and everybody
// has been told once, whatever else happened in between.

const anne = 'Anne@example.org';
const olga = 'olga@example.net';

let plain: BounceWorld;
let probing: BounceWorld;
beforeAll(async () => {
  plain = await openBounceWorld();
  probing = await openBounceWorld({ mta: { verp_probes: true } });
});
afterAll(() => Promise.all([plain.close(), probing.close()]));
beforeEach(async () => {
  for (const world of [plain, probing]) {
    world.at('2026-11-21T12:00:00.000Z');
    await Promise.all([world.receive('pipeline'), world.receive('bounces'), world.receive('command')]);
  }
});

/** What is made ready for one run, and must be so in the end. */
interface Case {
  readonly name: string;
  readonly world?: () => BounceWorld;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A report counts only where a post went out. */
  readonly posted?: true;
  /** Brings everything to the moment before the run, and gives the run. */
  readonly prepare: (world: BounceWorld, list: MailingList) => Promise<(ports: BouncePorts) => Promise<void>>;
  /** What the member is in the end; undefined when it is none any more. */
  readonly member: Readonly<Record<string, unknown>> | undefined;
  /** The kinds of the notices that leave, each once. */
  readonly notices: readonly string[];
  /** How many troubles of a post are told of. */
  readonly troubles?: number;
  /** It is about nobody's score, so that other bounces of the day are none of its business. */
  readonly alone?: true;
}

const increments = { bounce_notify_owner_on_bounce_increment: true } as const;
const atOnce = { ...increments, bounce_score_threshold: 1 } as const;
const increment = 'list:admin:notice:increment';
const disable = 'list:admin:notice:disable';
const probe = 'list:user:notice:probe';

const arriving =
  (bytes: Buffer, recipient?: (list: MailingList) => string): Case['prepare'] =>
  async (world, list) => {
    const message = await world.arriveBounce(
      list,
      bytes,
      recipient === undefined ? {} : { recipient: recipient(list) },
    );
    return (ports) => runBounce(message, ports);
  };

const verp = (list: MailingList): string => `${list.list_name}-bounces+Anne=example.org@${list.mail_host}`;

/** Bounces have disabled the member, and so many warnings have been sent, the last one a week ago. */
const disabled =
  (warnings: number): Case['prepare'] =>
  async (world, list) => {
    const now = world.clock.now();
    await world.store.members.set(list.list_id, 'member', anne, {
      bounce_score: 1,
      delivery_status: 'by_bounces',
      total_warnings_sent: warnings,
      ...(warnings === 0
        ? {}
        : { last_warning_sent: new Date(now.getTime() - 7 * 86_400_000).toISOString() }),
    });
    await world.store.bounces.point(list.list_id, anne, new Date(now.getTime() + 86_400_000));
    await bounceRound(list, { ...world.ports, clock: world.clock });
    const [due, ...others] = await world.receive('bounces');
    if (due?.type !== 'bounce-warning' || others.length > 0) throw new Error('No one warning is due');
    return (ports) => runBounceWarning(due, ports);
  };

/** The bounce of a day begot a probe, which comes back. */
const probed: Case['prepare'] = async (world, list) => {
  await world.refuse(list, anne, 'rejected 550 5.1.1');
  const [sent] = await world.notices();
  const recipient = `${list.list_name}-bounces+${sent?.metadata.probe_token}@${list.mail_host}`;
  return arriving(report(anne), () => recipient)(world, list);
};

const blocked = { status: '5.7.1', said: '554 5.7.1 Blocked by Spamhaus' };
const strange = Buffer.from('From: x@example.org\r\nSubject: Hm\r\n\r\nHm.\r\n');

const cases: readonly Case[] = [
  {
    name: 'a report at the address of the member scores',
    posted: true,
    settings: increments,
    prepare: arriving(report('somebody.else@example.net'), verp),
    member: { bounce_score: 1 },
    notices: [increment],
  },
  {
    name: 'a report disables',
    posted: true,
    settings: atOnce,
    prepare: arriving(report(anne)),
    member: { bounce_score: 1, delivery_status: 'by_bounces' },
    notices: [disable, increment],
  },
  {
    name: 'a report begets a probe',
    posted: true,
    world: () => probing,
    settings: { bounce_score_threshold: 1 },
    prepare: arriving(report(anne)),
    member: { bounce_score: 0 },
    notices: [probe],
  },
  {
    name: 'the probe comes back',
    world: () => probing,
    settings: { bounce_score_threshold: 1 },
    prepare: probed,
    member: { bounce_score: 0, delivery_status: 'by_bounces' },
    notices: [disable],
  },
  {
    name: 'the relay refuses the member',
    settings: atOnce,
    prepare: async (world, list) => {
      const message = world.refusal(list, anne, 'rejected 550 5.1.1');
      return (ports) => runRefusals(message, ports);
    },
    member: { bounce_score: 1, delivery_status: 'by_bounces' },
    notices: [disable, increment],
  },
  {
    name: 'the relay refuses the probe',
    world: () => probing,
    settings: { bounce_score_threshold: 1 },
    prepare: async (world, list) => {
      await world.refuse(list, anne, 'rejected 550 5.1.1');
      const [sent] = await world.notices();
      const message = world.refusal(list, anne, 'rejected 550 5.1.1', sent?.id);
      return (ports) => runRefusals(message, ports);
    },
    member: { bounce_score: 0, delivery_status: 'by_bounces' },
    notices: [disable],
  },
  {
    name: 'Amazon SES tells of a bounce',
    settings: increments,
    prepare: async (world, list) => {
      const event = world.sesBounce(list, anne);
      return (ports) => runSesEvent(event, ports);
    },
    member: { bounce_score: 1 },
    notices: [increment],
  },
  {
    name: 'Amazon SES tells of a complaint',
    prepare: async (world, list) => {
      const event = world.sesEvent(list, {
        eventType: 'Complaint',
        complaint: {
          complainedRecipients: [{ emailAddress: anne }],
          timestamp: world.clock.now().toISOString(),
          complaintFeedbackType: 'abuse',
        },
      });
      return (ports) => runSesEvent(event, ports);
    },
    member: undefined,
    notices: ['list:admin:notice:complaint'],
  },
  {
    name: 'a complaint at the address of the member',
    posted: true,
    prepare: arriving(complaint(anne), verp),
    member: undefined,
    notices: ['list:admin:notice:complaint'],
  },
  {
    name: 'Amazon SES refuses a post after all',
    prepare: async (world, list) => {
      const event = world.sesEvent(list, { eventType: 'Reject', reject: { reason: 'Bad content' } });
      return (ports) => runSesEvent(event, ports);
    },
    member: {},
    notices: [],
    troubles: 1,
    alone: true,
  },
  {
    name: 'the first warning is due',
    settings: { bounce_score_threshold: 1, bounce_notify_owner_on_disable: false },
    prepare: disabled(0),
    member: { bounce_score: 1, delivery_status: 'by_bounces', total_warnings_sent: 1 },
    notices: ['list:user:notice:warning'],
  },
  {
    name: 'the removal is due',
    settings: { bounce_score_threshold: 1, bounce_notify_owner_on_disable: false },
    prepare: disabled(3),
    member: undefined,
    notices: ['list:admin:notice:removal', 'list:user:notice:goodbye'],
  },
  {
    name: "a report is nobody's fault, and is told of when the day is over",
    prepare: async (world, list) => {
      const message = await world.arriveBounce(list, report(anne, blocked));
      const summary = {
        v: 1,
        type: 'bounce-summary',
        queue: 'bounces',
        id: `bounce-summary ${list.list_id} 2026-11-21 blocked`,
        listid: list.list_id,
        day: '2026-11-21',
        kind: 'blocked',
      } as const;
      return async (ports) => {
        await runBounce(message, ports);
        await runBounceSummary(summary, ports);
      };
    },
    member: {},
    notices: ['list:admin:notice:blocked'],
    alone: true,
  },
  {
    name: 'nobody understands it',
    prepare: arriving(strange),
    member: {},
    notices: ['list:admin:notice:unrecognized'],
    alone: true,
  },
];

const worldOf = ({ world = () => plain }: Case): BounceWorld => world();

/** A list with a member and an owner, and perhaps a post that went to the member. */
const listFor = async (
  world: BounceWorld,
  { settings, posted }: Pick<Case, 'settings' | 'posted'>,
): Promise<MailingList> => {
  const list = await world.list(settings);
  await world.member(list, anne, { display_name: 'Anne', subscribed_at: '2026-01-01T00:00:00.000Z' });
  await world.member(list, olga, { role: 'owner' });
  if (posted === true) await world.post(list);
  return list;
};

/** One run: it dies after a call, and comes again later. */
interface Run {
  readonly list: MailingList;
  readonly begin: (ports: BouncePorts) => Promise<void>;
}

const prepared = async (one: Case): Promise<Run> => {
  const world = worldOf(one);
  world.at('2026-11-21T12:00:00.000Z');
  const list = await listFor(world, one);
  return { list, begin: await one.prepare(world, list) };
};

/** The run dies after its n-th call; gives how many there were. */
const die = async (world: BounceWorld, { begin }: Run, at: number): Promise<number> => {
  const { ports, calls, close } = mortalPorts(world, at);
  await mayDie(begin(ports));
  close();
  return calls();
};

const callsOf = async (one: Case): Promise<number> => {
  const calls = await die(worldOf(one), await prepared(one), Number.POSITIVE_INFINITY);
  await Promise.all([worldOf(one).receive('pipeline'), worldOf(one).receive('command')]);
  expect(calls).toBeGreaterThan(1);
  return calls;
};

/** What runs came to, by list: each notice once, however often it was sent. */
const sent = async (world: BounceWorld) => {
  const notices = new Map((await world.notices()).map((notice) => [notice.id, notice]));
  const commands = (await world.receive('command')).flatMap((message) =>
    message.type === 'trouble' ? [message] : [],
  );
  const troubles = new Map(commands.map((trouble) => [trouble.id, trouble]));
  return ({ list_id }: MailingList) => ({
    notices: [...notices.values()].filter(({ list }) => list === list_id).map(({ kind }) => kind),
    troubles: [...troubles.values()].filter(({ listid }) => listid === list_id).length,
  });
};

describe('whatever dies after any call has done everything once when its message comes again', () => {
  it.each(cases)('$name', { timeout: 120_000 }, async (one) => {
    const world = worldOf(one);
    const calls = await callsOf(one);
    const runs: Run[] = [];
    for (let at = 0; at < calls; at += 1) runs.push(await prepared(one));
    await Promise.all(
      runs.map(async (run, at) => {
        await die(world, run, at);
        await run.begin(world.ports);
        // And once more, as the queue may.
        await run.begin(world.ports);
      }),
    );
    const came = await sent(world);
    for (const { list } of runs) {
      const { notices, troubles } = came(list);
      const member = await world.memberOf(list, anne);
      expect(member).toEqual(one.member === undefined ? undefined : expect.objectContaining(one.member));
      expect(notices.sort()).toEqual(one.notices);
      expect(troubles).toBe(one.troubles ?? 0);
    }
  });
});

describe('the same, when another bounce of the day comes before it, and the clock strikes', () => {
  it.each(cases.filter(({ alone }) => alone !== true))('$name', { timeout: 120_000 }, async (one) => {
    const world = worldOf(one);
    const calls = await callsOf(one);
    const runs: Run[] = [];
    for (let at = 0; at < calls; at += 1) runs.push(await prepared(one));
    for (const [at, run] of runs.entries()) {
      await die(world, run, at);
      await world.refuse(run.list, anne, 'rejected 550 5.1.1');
      await world.strike(run.list);
      await run.begin(world.ports);
    }
    const came = await sent(world);
    for (const { list } of runs) {
      const { notices } = came(list);
      const member = await world.memberOf(list, anne);
      expect(member === undefined).toBe(one.member === undefined);
      expect(member?.bounce_score).toBe(one.member?.bounce_score);
      expect(member?.delivery_status).toBe(one.member?.delivery_status);
      // Who is disabled by the time the clock strikes is warned, of which other cases are.
      const isWarning = (kind: string): boolean => kind === 'list:user:notice:warning';
      const others = one.notices.some(isWarning) ? notices : notices.filter((kind) => !isWarning(kind));
      expect(others.sort()).toEqual(one.notices);
    }
  });
});

describe('a bounce of the next day that is faster than the message of the dead hides nothing', () => {
  const bounced: Case['prepare'] = arriving(report(anne));
  it.each<Case & { readonly reasons: readonly string[] }>([
    {
      name: 'of a score',
      posted: true,
      settings: increments,
      prepare: bounced,
      member: {},
      notices: [increment],
      reasons: ['now 1.', 'now 2.'],
    },
    {
      name: 'of a probe',
      posted: true,
      world: () => probing,
      settings: { bounce_score_threshold: 1 },
      prepare: bounced,
      member: {},
      notices: [probe],
      reasons: [],
    },
  ])('$name', { timeout: 120_000 }, async (one) => {
    const world = worldOf(one);
    const calls = await callsOf(one);
    const owed = new Set<number>();
    for (let at = 0; at < calls; at += 1) {
      const run = await prepared(one);
      await die(world, run, at);
      // What was committed is told of, and what was not has given way to the day after.
      const points = (await world.memberOf(run.list, anne))?.bounce_event === undefined ? 1 : 2;
      owed.add(points);
      world.pass(1);
      await world.refuse(run.list, anne, 'rejected 550 5.1.1');
      await run.begin(world.ports);
      await run.begin(world.ports);
      const told = new Map((await world.notices()).map((notice) => [notice.id, notice]));
      expect([...told.values()].map(({ kind }) => kind)).toEqual(Array(points).fill(one.notices[0]));
      if (points === 2) {
        for (const reason of one.reasons) {
          expect([...told.values()].filter(({ text }) => text.includes(reason))).toHaveLength(1);
        }
      }
    }
    expect([...owed].sort()).toEqual([1, 2]);
  });
});

it.each([
  ['an hour later', '2026-11-22T04:30:00.000Z', 1],
  // Whole lists are read in one hour of a day; Lambda tries again within it.
  ['when it is tried again', '2026-11-22T03:30:00.000Z', 0],
])(
  'the hourly round may die after any of its calls: %s everybody who is due has been told once',
  async (_, at, hours) => {
    const made = async (): Promise<MailingList> => {
      plain.at(at);
      const list = await listFor(plain, {});
      await plain.store.members.set(list.list_id, 'member', anne, { delivery_status: 'by_bounces' });
      if (hours > 0)
        await plain.store.bounces.point(list.list_id, anne, new Date('2027-11-22T00:00:00.000Z'));
      const note = { list_id: list.list_id, day: '2026-11-21', kind: 'blocked', id: 'x', line: 'x' } as const;
      await plain.store.bounces.note(note, new Date('2027-11-22T00:00:00.000Z'));
      return list;
    };
    const round = (list: MailingList, call: number): Promise<number> =>
      die(plain, { list, begin: (ports) => bounceRound(list, ports) }, call);
    const calls = await round(await made(), Number.POSITIVE_INFINITY);
    expect(calls).toBeGreaterThan(2);
    await plain.receive('bounces');
    for (let call = 0; call < calls; call += 1) {
      const list = await made();
      await round(list, call);
      plain.pass(0, hours);
      // What the dead one has sent, and what this one sends, is done.
      await plain.strike(list, 2);
      const { notices } = (await sent(plain))(list);
      expect(notices.sort()).toEqual(['list:admin:notice:blocked', 'list:user:notice:warning']);
      expect(await plain.memberOf(list, anne)).toMatchObject({ total_warnings_sent: 1 });
    }
  },
);
