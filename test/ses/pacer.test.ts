import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import { chunkSizeFor } from '../../lib/ses/chunk-size.ts';
import { graceMs, Pacer, type Turn } from '../../lib/ses/pacer.ts';
import { paceBehaves } from '../store/behaviour/pace.ts';
import { memoryPace } from './memory-pace.ts';
import { MovedClock } from './moved-clock.ts';

describe('the pace in memory', () => {
  const store = { pace: memoryPace() };
  paceBehaves(() => store);
});

/** Some functions, each with some connections, that have so many mails to send, and how long each mail takes. */
interface Sending {
  readonly rate: number;
  readonly share: number;
  readonly functions: number;
  readonly connections: number;
  readonly mails: number;
  readonly mailMs: () => number;
  /** How long a request to the table takes. */
  readonly tableMs?: () => number;
  /** Within how many milliseconds all of them must have had their turn. */
  readonly withinMs?: number;
}

const far = new Date('2030-01-01T00:00:00.000Z');

/** Lets them all send what they have; gives the moments at which mails left, in order. */
const sendAll = async (sending: Sending) => {
  const { rate, share, functions, connections, mails, mailMs, tableMs = () => 0, withinMs } = sending;
  const clock = new MovedClock();
  const before = withinMs === undefined ? far : new Date(clock.now().getTime() + withinMs);
  const pace = memoryPace(() => clock.wait(tableMs()));
  const site = readSite({ ses: { share } });
  const readQuota = () => pace.note({ max_per_second: rate, max_24h: -1, sent_24h: 0 }, clock.now());
  const sent: number[] = [];
  const work = async (): Promise<void> => {
    const pacer = new Pacer({ store: { pace }, clock, site, wait: clock.wait, readQuota }, connections);
    let left = mails;
    const connection = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const turn = await pacer.turn({ following: left, before });
        expect(turn).toEqual({ kind: 'now' });
        sent.push(clock.now().getTime());
        await clock.wait(mailMs());
      }
    };
    await Promise.all(Array.from({ length: connections }, connection));
  };
  await clock.until(readQuota().then(() => Promise.all(Array.from({ length: functions }, work))));
  const leased = await clock.until(pace.get());
  const seconds = ((sent.at(-1) ?? 0) - (sent[0] ?? 0)) / 1000;
  return { sent, seconds, leased: leased?.sent_24h ?? 0 };
};

/** The most mails that left within any second. */
const mostInASecond = (sent: readonly number[]): number => {
  let first = 0;
  let most = 0;
  for (const [index, at] of sent.entries()) {
    while (at - (sent[first] ?? 0) >= 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
};

const inProduction = { rate: 14, share: 0.9, connections: 5, mailMs: () => 60, tableMs: () => 8 };

describe('sending at 14 mails a second', () => {
  it.each([1, 3])(
    'takes 72 to 90 s for 1,000 recipients with %d functions, and loses no slot',
    async (functions) => {
      const mails = Math.ceil(1000 / functions);
      const { sent, seconds, leased } = await sendAll({ ...inProduction, functions, mails });
      expect(sent).toHaveLength(mails * functions);
      expect(seconds).toBeGreaterThanOrEqual(72);
      expect(seconds).toBeLessThanOrEqual(90);
      expect(mostInASecond(sent)).toBeLessThanOrEqual(14);
      expect(leased).toBe(sent.length);
    },
  );
});

describe('a table that is slow', () => {
  it.each([100, 300, 900])('lets mail leave all the same when each request takes %d ms', async (slowMs) => {
    const { sent } = await sendAll({
      ...inProduction,
      functions: 1,
      connections: 1,
      mails: 3,
      tableMs: () => slowMs,
      withinMs: 60_000,
    });
    expect(sent).toHaveLength(3);
    expect(mostInASecond(sent)).toBeLessThanOrEqual(14);
  });
});

describe('any number of senders at any rate', () => {
  it('never sends more in a second than documented, nor than the account may with the usual share; and all is sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rate: fc.constantFrom(1, 2, 5, 14, 50, 200),
          share: fc.constantFrom(0.9, 0.5, 1),
          functions: fc.integer({ min: 1, max: 4 }),
          connections: fc.integer({ min: 1, max: 10 }),
          mails: fc.integer({ min: 1, max: 60 }),
        }),
        fc.infiniteStream(fc.integer({ min: 0, max: 400 })),
        fc.infiniteStream(fc.integer({ min: 0, max: 50 })),
        async (sending, mailTimes, tableTimes) => {
          const { sent } = await sendAll({
            ...sending,
            mailMs: () => mailTimes.next().value,
            tableMs: () => tableTimes.next().value,
          });
          expect(sent).toHaveLength(sending.functions * sending.mails);
          const most = mostInASecond(sent);
          const rate = sending.rate * sending.share;
          expect(most).toBeLessThanOrEqual(Math.floor(rate * (1 + graceMs / 1000)) + 1);
          if (sending.share <= 0.9) expect(most).toBeLessThanOrEqual(sending.rate);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leases no slot that it does not use when it is fast enough', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rate: fc.constantFrom(1, 5, 14, 30),
          functions: fc.integer({ min: 1, max: 3 }),
          connections: fc.integer({ min: 2, max: 8 }),
          mails: fc.integer({ min: 1, max: 60 }),
        }),
        async (sending) => {
          const quick = { ...sending, share: 0.9, mailMs: () => 10, tableMs: () => 5 };
          const { sent, leased } = await sendAll(quick);
          expect(leased).toBe(sent.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** One pacer over a pace of its own. */
const onePacer = async (quota: {
  readonly rate?: number;
  readonly most?: number;
  readonly sent?: number;
  readonly read?: false;
}) => {
  const clock = new MovedClock();
  const pace = memoryPace();
  const { rate = 10, most = -1, sent = 0 } = quota;
  let asked = 0;
  const note = () => pace.note({ max_per_second: rate, max_24h: most, sent_24h: sent }, clock.now());
  const readQuota = () => {
    asked += 1;
    return note();
  };
  if (quota.read !== false) await clock.until(note());
  const site = readSite({ ses: { share: 1 } });
  const pacer = new Pacer({ store: { pace }, clock, site, wait: clock.wait, readQuota }, 2);
  const turn = (more: { readonly following?: number; readonly before?: Date } = {}): Promise<Turn> =>
    clock.until(pacer.turn({ following: 0, before: far, ...more }));
  return { clock, pace, pacer, turn, asked: () => asked };
};

describe('a sender', () => {
  it('asks SES itself when nobody has read the quota, and when that is long ago', async () => {
    const { turn, asked, clock } = await onePacer({ read: false });
    expect(await turn()).toEqual({ kind: 'now' });
    expect(asked()).toBe(1);
    await turn();
    expect(asked()).toBe(1);
    await clock.until(clock.wait(600_000));
    await turn();
    expect(asked()).toBe(2);
  });

  it('sends nothing when the quota of the day is used up, and knows it without asking SES', async () => {
    const { turn, asked } = await onePacer({ most: 3, sent: 1 });
    expect(await turn({ following: 5 })).toEqual({ kind: 'now' });
    expect(await turn({ following: 4 })).toEqual({ kind: 'now' });
    expect(await turn({ following: 3 })).toEqual({
      kind: 'exhausted',
      reply: '454 4.7.0 Daily message quota exceeded: 3 of 3 mails were sent in the last 24 hours',
    });
    expect(asked()).toBe(0);
  });

  it('goes on as soon as the scheduled function has noted that the quota has room again', async () => {
    const { clock, pace, turn } = await onePacer({ most: 1 });
    expect(await turn()).toEqual({ kind: 'now' });
    expect(await turn()).toMatchObject({ kind: 'exhausted' });
    await clock.until(pace.note({ max_per_second: 10, max_24h: 1, sent_24h: 0 }, clock.now()));
    expect(await turn()).toEqual({ kind: 'now' });
  });

  it('sends nothing when the account may send nothing', async () => {
    const { turn } = await onePacer({ rate: 0 });
    expect(await turn()).toMatchObject({ kind: 'exhausted' });
  });

  it('sends half as much for a minute when SES throttled somebody', async () => {
    const { clock, pacer, turn } = await onePacer({ rate: 10 });
    const times = async (count: number) => {
      const found: number[] = [];
      for (let n = 0; n < count; n += 1) {
        await turn({ following: count - n - 1 });
        found.push(clock.now().getTime());
      }
      return found.slice(1).map((at, index) => Math.round(at - (found[index] ?? 0)));
    };
    expect(await times(4)).toEqual([100, 100, 100]);
    await clock.until(pacer.slowDown());
    const [, ...slow] = await times(6);
    expect(slow).toEqual([200, 200, 200, 200]);
    await clock.until(clock.wait(60_000));
    const [, ...usual] = await times(6);
    expect(usual).toEqual([100, 100, 100, 100]);
  });

  it('does not wait for a turn that comes too late, and the next mail takes it', async () => {
    const { clock, pace, turn } = await onePacer({ rate: 1 });
    const known = await clock.until(pace.get());
    if (known === undefined) throw new Error('There is no pace');
    // Somebody else has leased the next five seconds.
    await clock.until(pace.lease({ known, slots: 5, span: 5000, from: clock.now().getTime() }));
    const soon = new Date(clock.now().getTime() + 2000);
    expect(await turn({ before: soon })).toEqual({ kind: 'later', afterMs: 5000 });
    const begun = clock.now().getTime();
    expect(await turn()).toEqual({ kind: 'now' });
    expect(clock.now().getTime() - begun).toBe(5000);
  });
});

describe('a sender whose time is over', () => {
  it('is told so, and asks for no more slots', async () => {
    const clock = new MovedClock();
    const pace = memoryPace();
    const site = readSite({});
    const readQuota = () => pace.note({ max_per_second: 14, max_24h: -1, sent_24h: 0 }, clock.now());
    const pacer = new Pacer({ store: { pace }, clock, site, wait: clock.wait, readQuota }, 5);
    expect(await pacer.turn({ following: 0, before: clock.now() })).toEqual({ kind: 'later', afterMs: 0 });
    expect(await pace.get()).toBeUndefined();
  });
});

describe('a chunk on SES', () => {
  const site = readSite({});

  it('is about 10 s of work at the rate that the account has', () => {
    expect(chunkSizeFor(site, { max_per_second: 14 })).toBe(126);
  });

  it('is neither tiny nor larger than the site lets it', () => {
    expect(chunkSizeFor(site, { max_per_second: 1 })).toBe(10);
    expect(chunkSizeFor(site, { max_per_second: 500 })).toBe(200);
    expect(chunkSizeFor(readSite({ delivery: { chunk_size: 3 } }), { max_per_second: 14 })).toBe(3);
    expect(chunkSizeFor(site, undefined)).toBe(45);
  });
});
