import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countCodes, stateAt } from '../../lib/delivery/ledger-states.ts';
import { startEmulators } from '../harness/emulators.ts';
import { ChunkLab, type Mood, moods, type Shape } from './chunk-lab.ts';

/** What must be true of the chunk at every moment. */
interface Model {
  readonly shape: Shape;
}

type Command = fc.AsyncCommand<Model, ChunkLab>;

const atMostOpen = ({ individual, connections, atOnce }: Shape): number =>
  individual ? connections : atOnce;

/** No function has more on the wire than its open transactions, and no attempt has ended twice. */
const holds = ({ shape }: Model, lab: ChunkLab): void => {
  for (const { exposed } of lab.all) expect(exposed.size).toBeLessThanOrEqual(atMostOpen(shape));
  for (const [, ended] of lab.moves) expect(ended).toBe(1);
  if (lab.fault !== undefined) throw lab.fault;
};

const command = (says: string, run: (lab: ChunkLab) => Promise<void> | void): Command => ({
  check: () => true,
  run: async (model, lab) => {
    await run(lab);
    holds(model, lab);
  },
  toString: () => says,
});

const place = fc.nat({ max: 7 });

const starts = place.map((at) => command(`start ${at}`, (lab) => lab.start(at)));
const steps = fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 12 }).map((many) =>
  command(`steps ${JSON.stringify(many)}`, async (lab) => {
    for (const [which, call] of many) await lab.step(which, call);
  }),
);
const kills = fc
  .tuple(place, place, fc.boolean())
  .map(([which, call, after]) =>
    command(`kill ${which} ${after ? 'after' : 'before'} ${call}`, (lab) => lab.kill(which, call, after)),
  );
// Within a function's time, past its lease, past a retry, past half of the retry period.
const passes = fc.constantFrom(5, 190, 215, 901, 3 * 86_400).map((seconds) =>
  command(`pass ${seconds}`, (lab) => {
    lab.now += seconds * 1000;
  }),
);
const repeats = fc.nat({ max: 30 }).map((which) => command(`again ${which}`, (lab) => lab.again(which)));
const turns = fc.constantFrom<readonly Mood[]>(...[moods]).chain((all) =>
  fc.constantFrom(...all).map((mood) =>
    command(`the relay ${mood}`, (lab) => {
      lab.mood = mood;
    }),
  ),
);

const resends = fc
  .boolean()
  .map((dies) => command(dies ? 'resend and die' : 'resend', (lab) => lab.resend(dies)));

const shapes: fc.Arbitrary<Shape> = fc.record({
  recipients: fc.integer({ min: 1, max: 7 }),
  connections: fc.integer({ min: 1, max: 3 }),
  atOnce: fc.integer({ min: 1, max: 3 }),
  individual: fc.boolean(),
});

/** What must be true once everything has come to its end. */
const endsWell = async (lab: ChunkLab): Promise<void> => {
  const ledger = await lab.ledger();
  expect(ledger.done).toBe(true);
  const missed = lab.copies.flatMap((copies, index) => {
    const state = stateAt(ledger.states, index);
    return state === 'ended' || (state === 'delivered' && copies > 0) ? [] : [`${index} ${state} ${copies}`];
  });
  expect(missed).toEqual([]);
  const doubled = lab.copies.reduce((sum, copies) => sum + Math.max(0, copies - 1), 0);
  expect(doubled).toBeLessThanOrEqual(ledger.possibly_doubled);

  // Each end without success is followed up: bounce events of members, trouble for the owners.
  const bounced = new Set(
    lab.told
      .flatMap((message) => (message.type === 'refusals' ? message.refused : []))
      .map((one) => one.recipient),
  );
  const codes = countCodes(ledger.codes);
  const counted = (kind: RegExp) =>
    Object.entries(codes).reduce((sum, [code, count]) => (kind.test(code) ? sum + count : sum), 0);
  expect(bounced.size).toBeGreaterThanOrEqual(counted(/^(rejected|expired) \d/));
  const troubles = new Set(
    lab.told.flatMap((message) => (message.type === 'trouble' ? message.trouble : [])),
  );
  for (const [trouble, kind] of [
    ['refused-post', /^refused/],
    ['given-up', /^expired/],
  ] as const) {
    // Of who was served when the post was sent again the owners were told before.
    if (counted(kind) > 0) expect(troubles).toContain(trouble);
    else if (!lab.overstayed && !lab.resent) expect(troubles).not.toContain(trouble);
  }
};

const plays = fc.commands([starts, steps, steps, steps, kills, passes, repeats, turns, resends], {
  maxCommands: 40,
  size: 'max',
});

/** Plays with a chunk, and then lets everything come to its end. */
const play = async (lab: ChunkLab, commands: Iterable<Command>): Promise<void> => {
  const { shape } = lab;
  await lab.begin();
  await fc.asyncModelRun(() => ({ model: { shape }, real: lab }), commands);
  await lab.drain();
  // Who was refused, and nobody else, is left to whoever began to send it to them again.
  if (lab.owed && !(await lab.ledger()).done) {
    await lab.resend(false);
    await lab.drain();
  }
  holds({ shape }, lab);
  await endsWell(lab);
};

const promise =
  'misses nobody, doubles only open transactions and counts them, and never forks, whatever dies or comes twice';

it(`${promise}: 10,000 times in memory`, async () => {
  await fc.assert(
    fc.asyncProperty(shapes, plays, (shape, commands) => play(new ChunkLab(shape), commands)),
    { numRuns: 10_000 },
  );
}, 300_000);

it('misses nobody when a function outlives its lease, and who took the chunk from it dies', async () => {
  const shape: Shape = { recipients: 1, connections: 1, atOnce: 1, individual: false };
  const lab = new ChunkLab(shape);
  await lab.begin();
  await lab.start(0);
  lab.now += 215_000;
  await lab.start(0);
  lab.now += 259_200_000;
  for (const [which, call] of [
    [1, 0],
    [1, 0],
    [0, 0],
    [3, 0],
    [0, 0],
    [7, 0],
    [1, 0],
  ] as const) {
    await lab.step(which, call);
  }
  await lab.kill(0, 0, false);
  await lab.drain();
  await endsWell(lab);
});

it(`${promise}: 50 times in DynamoDB`, async () => {
  const { store, close } = await startEmulators();
  try {
    await fc.assert(
      fc.asyncProperty(shapes, plays, async (shape, commands) => {
        await store.parking.resume();
        await play(new ChunkLab(shape, store), commands);
      }),
      { numRuns: 50 },
    );
  } finally {
    await close();
  }
}, 300_000);
