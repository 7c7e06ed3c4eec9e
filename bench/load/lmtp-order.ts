import * as z from 'zod';

/** What the LMTP driver is to do. */
export interface DriverOrder {
  readonly port: number;
  /** Sessions that are kept. */
  readonly sessions: number;
  readonly messages: number;
  /** Bytes of a whole message. */
  readonly size: number;
  readonly sender: string;
  readonly recipient: string;
}

/** What it did. */
export const driverReportSchema = z.object({
  messages: z.number(),
  /** Replies after DATA other than 250, by code. */
  refused: z.record(z.string(), z.number()),
  /** From the first MAIL to the last reply. */
  seconds: z.number(),
  /** From MAIL to the reply after DATA, in milliseconds. */
  latency: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  cpuSeconds: z.number(),
});
export type DriverReport = z.infer<typeof driverReportSchema>;
