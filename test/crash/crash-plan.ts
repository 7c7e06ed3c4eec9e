/** Where a process is to end in a run of a scenario: before or after its n-th call to the outside, counted from 0. */
export interface CrashPoint {
  /** The function, or `gateway`. */
  readonly process: string;
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What the processes under test read before every call. */
export interface CrashPlan {
  /** Names the run; the count of calls starts anew with each. */
  readonly run: string;
  readonly at?: CrashPoint;
}
