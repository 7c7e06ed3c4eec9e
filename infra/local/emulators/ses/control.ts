import { z } from 'zod';
import { fates, type SesAccount } from './account.ts';
import { eventOf } from './events.ts';
import { type EventTopic, publish } from './publish.ts';

/** The part of the address under which the stub is told what to do. SES itself knows nothing but `/`. */
export const controlPath = '/_ses';

const accountSchema = z
  .strictObject({
    sending: z.enum(['enabled', 'paused', 'suspended']),
    configuration_set_sending: z.boolean(),
    max_send_rate: z.number().positive(),
    max_24_hour_send: z.number().int().min(-1),
    sent_last_24_hours: z.number().int().nonnegative(),
    throttle: z.number().int().nonnegative(),
    silent: z.number().int().nonnegative(),
  })
  .partial();

const fateSchema = z.strictObject({ recipient: z.string(), fate: z.enum(fates).nullable() });
const eventSchema = z.strictObject({ recipient: z.string(), event: z.enum(fates) });

/** What the stub answers to who controls it. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What a request of the controller looks like. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  /** JSON; the empty text where there is none. */
  readonly body: string;
}

const given = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const withoutUndefined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  JSON.parse(JSON.stringify(value));

/**
 * Does what a person or a test tells the stub:
 * - `GET account` and `POST account`: its standing, rate and quota;
 * - `POST fates`: what becomes of mail to a recipient from now on;
 * - `POST events`: the same, about the last mail that a recipient got;
 * - `GET mails`: what was sent;
 * - `GET refused`: what was not taken, and why.
 */
export const control = async (
  { method, path, body }: ControlRequest,
  account: SesAccount,
  topic: EventTopic,
): Promise<ControlAnswer> => {
  const refused = (error: z.ZodError): ControlAnswer => ({
    status: 400,
    body: { error: z.prettifyError(error) },
  });
  switch (`${method} ${path}`) {
    case 'GET account':
      return { status: 200, body: account.state };
    case 'POST account': {
      const asked = accountSchema.safeParse(given(body));
      if (!asked.success) return refused(asked.error);
      account.change(withoutUndefined(asked.data));
      return { status: 200, body: account.state };
    }
    case 'POST fates': {
      const asked = fateSchema.safeParse(given(body));
      if (!asked.success) return refused(asked.error);
      account.decide(asked.data.recipient, asked.data.fate);
      return { status: 200, body: asked.data };
    }
    case 'POST events': {
      const asked = eventSchema.safeParse(given(body));
      if (!asked.success) return refused(asked.error);
      const mail = account.lastTo(asked.data.recipient);
      if (mail === undefined) {
        return { status: 404, body: { error: `Nothing was sent to ${asked.data.recipient}` } };
      }
      const event = eventOf(asked.data.event, mail, asked.data.recipient);
      await publish(topic, JSON.stringify(event));
      return { status: 200, body: event };
    }
    case 'GET mails':
      return { status: 200, body: account.mails };
    case 'GET refused':
      return { status: 200, body: account.refused };
    default:
      return { status: 404, body: { error: `There is no ${method} ${path}` } };
  }
};
