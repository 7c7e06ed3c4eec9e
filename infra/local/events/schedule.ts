import { randomUUID } from 'node:crypto';
import { account, region } from '../names.ts';
import type { ScheduleSpec } from '../resources/schedules.ts';
import type { InvokeOutcome } from '../runtime/function-pool.ts';

/** What a schedule needs besides its rule. */
export interface SchedulePorts {
  readonly invoke: (event: string) => Promise<InvokeOutcome>;
  readonly warn: (problem: string) => void;
}

/** The event that EventBridge sends for a rule ("Events from Amazon EventBridge scheduled rules"). */
const scheduledEvent = (ruleArn: string): string =>
  JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [ruleArn],
    detail: {},
  });

/** Calls a function by the clock: first after one interval, as EventBridge does. A call that fails is told, and the next one comes. */
export class Schedule {
  readonly #timer: NodeJS.Timeout;

  constructor({ functionName, ruleArn, everyMs }: ScheduleSpec, { invoke, warn }: SchedulePorts) {
    this.#timer = setInterval(() => {
      void invoke(scheduledEvent(ruleArn)).then((outcome) => {
        if (!outcome.ok) warn(`The scheduled call of ${functionName} failed: ${outcome.reason}`);
      });
    }, everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
