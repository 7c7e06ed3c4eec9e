import { setImmediate as turn } from 'node:timers/promises';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that moves when everybody waits, straight to the next moment that somebody waits for. */
export class MovedClock {
  #now = Date.parse('2026-11-21T12:00:00.000Z');
  #sleepers: Sleeper[] = [];

  readonly now = (): Date => new Date(this.#now);

  readonly wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      this.#sleepers.push({ at: this.#now + Math.max(0, ms), wake: resolve });
    });

  /** Moves the clock until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    ended.catch(() => undefined);
    while (!done) {
      // All that follows from what was woken comes first: it is promises and nothing else.
      await turn();
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      if (next === undefined) continue;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    return ended;
  }
}
