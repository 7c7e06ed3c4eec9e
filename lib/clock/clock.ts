/** The port to time, so that logic can be tested under a moved clock. */
export interface Clock {
  /** The present moment. */
  readonly now: () => Date;
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() };
