import { on } from 'node:events';
import * as z from 'zod';
import { startServer } from './child.ts';

const messageSchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ delivered: z.number(), transactions: z.number(), at: z.string() }),
]);

/** What the sink saw when it had all that it was told to expect. */
export interface Counted {
  readonly delivered: number;
  readonly transactions: number;
  /** The moment of the last delivery. */
  readonly at: bigint;
}

/** A relay that keeps nothing and counts, in a process of its own. */
export interface CountingSink {
  readonly port: number;
  /**
   * Counts from nothing; gives the promise of the moment when so many recipients have been served. Until it is told anew, each reply comes
   * so many milliseconds late.
   */
  readonly expect: (recipients: number, delayMs?: number) => Promise<{ readonly all: Promise<Counted> }>;
  readonly stop: () => Promise<void>;
}

/** Starts the sink. */
export const startSink = async (): Promise<CountingSink> => {
  const { child, port, stop } = await startServer('sink.ts');
  const messages = on(child, 'message');
  const next = async (): Promise<z.infer<typeof messageSchema>> => {
    const { value = [] } = await messages.next();
    return messageSchema.parse(value[0]);
  };
  return {
    port,
    stop,
    expect: async (recipients, delayMs = 0) => {
      child.send({ expect: recipients, delayMs });
      if (!('ready' in (await next()))) throw new Error('The sink counted more than it was told to expect');
      const all = next().then((message) => {
        if ('ready' in message) throw new Error('The sink was told to expect something new');
        return { ...message, at: BigInt(message.at) };
      });
      // Who expects something new before all has come has no use for this any more.
      all.catch(() => undefined);
      return { all };
    },
  };
};
