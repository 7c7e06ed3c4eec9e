import { bounceRound } from '../../lib/runners/bounce-round.ts';
import type { Script } from '../harness/relay.ts';
import { sesControl } from '../harness/ses-stub.ts';
import type { Stack } from '../harness/stack.ts';
import { report } from '../runners/bounce-world.ts';
import { deliverLikeAnMta } from './mta.ts';
import { addMembers, makeList, post } from './scenarios.ts';
import { bySes } from './ses-scenarios.ts';
import type { Scenario } from './sweep.ts';

const member = (run: string): string => `member-${run}@example.org`;
const owner = (run: string): string => `owner-${run}@example.org`;
/** Who dies often, and is ended after 3 s, may take a while on a machine that has more to do. */
const patience = 90_000;

const listId = (run: string): string => `${run}.example.com`;

/** A list with a member and an owner. */
const makeOwned = async (
  stack: Stack,
  run: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  await makeList(stack, run, 'member', [member(run)]);
  await addMembers(stack, run, 'owner', [owner(run)]);
  await stack.store.lists.set(listId(run), settings);
};

/** The same, and a post has gone to the member: only what went out can come back. */
const prepare =
  (settings: Readonly<Record<string, unknown>> = {}): Scenario['prepare'] =>
  async (stack, run) => {
    await makeOwned(stack, run, settings);
    await post(stack, run, member(run));
    await stack.idle(patience);
  };

/** The member must be so in the end; undefined: none any more. */
const endsAs =
  (wished: Readonly<Record<string, unknown>> | undefined, of = member): NonNullable<Scenario['faults']> =>
  async ({ store }, run) => {
    const email = of(run);
    const found: Readonly<Record<string, unknown>> | undefined = await store.members.get(
      listId(run),
      'member',
      email,
    );
    const isRight =
      wished === undefined
        ? found === undefined
        : Object.entries(wished).every(([name, value]) => found?.[name] === value);
    return isRight ? [] : [`${email} is ${JSON.stringify(found)}, and not ${JSON.stringify(wished)}`];
  };

/** The report of a mail server comes to a -bounces address, from nobody as such reports do (RFC 3464, section 2). */
const reportTo = (stack: Stack, run: string, detail: string): Promise<void> => {
  const to = `${run}-bounces+${detail}@example.com`;
  return deliverLikeAnMta(() => stack.lmtpPort, '', [to], report(member(run)).toString());
};

/** A report comes to the address that was made for the member. */
const bounceOnce: Scenario['act'] = async (stack, run) => {
  await reportTo(stack, run, member(run).replace('@', '='));
  await stack.idle(patience);
};

/** A report comes to the address that was made for the member, and scores; nobody is told. */
export const scoringBounce: Scenario = {
  name: 'bounce-score',
  prepare: prepare(),
  act: bounceOnce,
  faults: endsAs({ bounce_score: 1, delivery_status: undefined }),
  copies: (run) =>
    new Map([
      [member(run), 1],
      [owner(run), 0],
    ]),
};

/** A report reaches the threshold and disables: the owner is told of the score, and that delivery is disabled. */
export const disablingBounce: Scenario = {
  name: 'bounce-disable',
  prepare: prepare({ bounce_score_threshold: 1, bounce_notify_owner_on_bounce_increment: true }),
  act: bounceOnce,
  faults: endsAs({ bounce_score: 1, delivery_status: 'by_bounces' }),
  copies: (run) =>
    new Map([
      [member(run), 1],
      [owner(run), 2],
    ]),
};

/** The tokens of the probes that a relay was asked to carry, by run. */
const tokens = new Map<string, string>();

/** A report reaches the threshold and begets a probe, and the probe comes back: delivery is disabled, and the owner is told. */
export const probingBounce: Scenario = {
  name: 'bounce-probe',
  site: { mta: { verp_probes: true } },
  relay: (): Script => ({
    mail: (sender) => {
      const [, run, token] = /^(.*)-bounces\+([0-9a-f]{40})@/.exec(sender) ?? [];
      if (run !== undefined && token !== undefined) tokens.set(run, token);
      return '250 2.1.0 Ok';
    },
  }),
  // The key of the tokens is made once for a site, and read once by each process.
  setUp: async ({ store }) => {
    await store.secrets.key('probe');
  },
  fresh: 'bounce',
  prepare: prepare({ bounce_score_threshold: 1 }),
  act: async (stack, run) => {
    await bounceOnce(stack, run);
    const token = tokens.get(run);
    if (token === undefined) throw new Error(`No probe of ${run} left`);
    await reportTo(stack, run, token);
    await stack.idle(patience);
  },
  faults: endsAs({ bounce_score: 0, delivery_status: 'by_bounces' }),
  copies: (run) =>
    new Map([
      [member(run), 2],
      [owner(run), 1],
    ]),
};

const refused = (run: string): string => `refused-${run}@example.org`;

/** The relay refuses the member at RCPT, which disables: the author gets the post, and the owner is told. */
export const refusedMember: Scenario = {
  name: 'bounce-refusal',
  prepare: async (stack, run) => {
    await makeOwned(stack, run, { bounce_score_threshold: 1 });
    await addMembers(stack, run, 'member', [refused(run)]);
  },
  act: async (stack, run) => {
    await post(stack, run, member(run));
    await stack.idle(patience);
  },
  faults: endsAs({ bounce_score: 1, delivery_status: 'by_bounces' }, refused),
  copies: (run) =>
    new Map([
      [member(run), 1],
      [refused(run), 0],
      [owner(run), 1],
    ]),
};

const days = (count: number): Date => new Date(Date.parse('2026-11-21T12:00:00.000Z') + count * 86_400_000);

/**
 * Bounces have disabled a member, who is warned once, and after a week removed. The clock is moved by asking for what is due at a date, as the function
 * scheduled does: a warning carries its date with it.
 */
export const removedMember: Scenario = {
  name: 'bounce-warning',
  prepare: async (stack, run) => {
    await makeOwned(stack, run, { bounce_you_are_disabled_warnings: 1 });
    const { bounces, members } = stack.store;
    await members.set(listId(run), 'member', member(run), { delivery_status: 'by_bounces', bounce_score: 5 });
    await bounces.point(listId(run), member(run), days(400));
  },
  act: async (stack, run) => {
    for (const due of [0, 1, 7]) {
      const list = await stack.store.lists.byId(listId(run));
      if (list === undefined) throw new Error(`There is no list ${run}`);
      await bounceRound(list, { ...stack, clock: { now: () => days(due) } });
      await stack.idle(patience);
    }
  },
  faults: endsAs(undefined),
  copies: (run) =>
    new Map([
      [member(run), 2],
      [owner(run), 1],
    ]),
};

/** EventBridge calls a function asynchronously, and Lambda tries that twice more (docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). */
const invokeLikeEventBridge = async (stack: Stack, name: string): Promise<void> => {
  try {
    await stack.invoke(name);
  } catch {
    await stack.invoke(name);
  }
};

/**
 * The hour strikes: a member whom bounces have disabled is to be warned, and the owner to be told what was blocked the day before. The function reads all
 * lists, so that there is this one alone; and at three UTC it reads other items, so that the sweep wants a clock that stands elsewhere.
 */
export const strikingHour: Scenario = {
  name: 'bounce-hour',
  prepare: async (stack, run) => {
    const { bounces, lists, members } = stack.store;
    for await (const { list_id } of lists.ls()) await lists.remove(list_id);
    await makeOwned(stack, run);
    await members.set(listId(run), 'member', member(run), { delivery_status: 'by_bounces', bounce_score: 5 });
    const until = new Date(Date.now() + 30 * 86_400_000);
    await bounces.point(listId(run), member(run), until);
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await bounces.note(
      { list_id: listId(run), day, kind: 'blocked', id: run, line: 'example.org: dmarc' },
      until,
    );
  },
  act: async (stack, run) => {
    await invokeLikeEventBridge(stack, 'scheduled');
    await stack.idle(patience);
    // What is due is found anew each hour: when it has been done nobody is told again.
    await invokeLikeEventBridge(stack, 'scheduled');
    await stack.idle(patience);
    for await (const note of stack.store.bounces.notesBefore(listId(run), '9')) {
      throw new Error(`The note ${note.id} is still there`);
    }
  },
  faults: endsAs({ delivery_status: 'by_bounces', total_warnings_sent: 1 }),
  copies: (run) =>
    new Map([
      [member(run), 1],
      [owner(run), 1],
    ]),
};

/** Amazon SES tells that a member complained about a post: the membership ends, and the owner is told. */
export const complaint: Scenario = bySes({
  name: 'bounce-complaint',
  prepare: prepare(),
  act: async (stack, run) => {
    await sesControl(stack.ses?.control ?? '').happen(member(run), 'complaint');
    await stack.idle(patience);
  },
  faults: endsAs(undefined),
  copies: (run) =>
    new Map([
      [member(run), 1],
      [owner(run), 1],
    ]),
});
