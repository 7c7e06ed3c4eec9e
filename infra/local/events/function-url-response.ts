import { z } from 'zod';
import type { InvokeOutcome } from '../runtime/function-pool.ts';

const resultSchema = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** What a function URL sends back for what the function returned. */
export interface FunctionUrlResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const failure = (status: number, message: string): FunctionUrlResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ Message: message })),
});

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads what a function returned as Lambda does for a function URL; a function that failed is 502, and one that is not there yet 503. */
export const functionUrlResponse = (outcome: InvokeOutcome | undefined): FunctionUrlResponse => {
  if (outcome === undefined) return failure(503, 'The local stack is starting');
  const read = outcome.ok ? resultSchema.safeParse(jsonOf(outcome.response)) : undefined;
  if (read?.success !== true) return failure(502, 'Internal Server Error');
  const { statusCode, headers, body, isBase64Encoded } = read.data;
  return { status: statusCode, headers, body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') };
};
