import * as z from 'zod';
import { ShuntError } from '../errors/shunt-error.ts';

/**
 * What Amazon SES tells of a mail after it has taken it, published through a configuration set over SNS, with raw delivery: "Contents of
 * event data that Amazon SES publishes to Amazon SNS"
 * (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html). AWS may add fields, and kinds of bounces, at any
 * time; only what Belfry reads is asked for.
 */

/** One recipient of whom something is told. Status and diagnostic code are there when a DSN was. */
const recipientSchema = z.looseObject({
  emailAddress: z.string(),
  action: z.string().optional(),
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
});

const mailSchema = z.looseObject({
  /** ISO 8601. */
  timestamp: z.string(),
  /** The id that SES gave to the mail, without its host. */
  messageId: z.string().min(1),
  source: z.string().optional(),
  destination: z.array(z.string()).default([]),
  /** Ours, and those of SES, which begin with `ses:`. Rendering failures and delays may come without ours. */
  tags: z.record(z.string(), z.array(z.string())).default({}),
});

const bounceSchema = z.looseObject({
  eventType: z.literal('Bounce'),
  mail: mailSchema,
  bounce: z.looseObject({
    /** `Permanent`, `Transient` or `Undetermined`. */
    bounceType: z.string(),
    bounceSubType: z.string(),
    bouncedRecipients: z.array(recipientSchema),
    timestamp: z.string(),
    feedbackId: z.string().optional(),
    reportingMTA: z.string().optional(),
  }),
});

const complaintSchema = z.looseObject({
  eventType: z.literal('Complaint'),
  mail: mailSchema,
  complaint: z.looseObject({
    /** Everybody at the domain that complains to whom the mail went: most providers do not say who it was. */
    complainedRecipients: z.array(recipientSchema),
    timestamp: z.string(),
    feedbackId: z.string().optional(),
    complaintSubType: z.string().nullish(),
    /** `not-spam` is no complaint. */
    complaintFeedbackType: z.string().nullish(),
  }),
});

const delaySchema = z.looseObject({
  eventType: z.literal('DeliveryDelay'),
  mail: mailSchema,
  deliveryDelay: z.looseObject({
    delayType: z.string(),
    delayedRecipients: z.array(recipientSchema),
    timestamp: z.string(),
    expirationTime: z.string().optional(),
  }),
});

const rejectSchema = z.looseObject({
  eventType: z.literal('Reject'),
  mail: mailSchema,
  reject: z.looseObject({ reason: z.string() }),
});

const failureSchema = z.looseObject({
  eventType: z.literal('Rendering Failure'),
  mail: mailSchema,
  failure: z.looseObject({ errorMessage: z.string(), templateName: z.string().optional() }),
});

/** The events that the configuration set of `infra/aws/ses.ts` publishes. */
export const sesEventSchema = z.discriminatedUnion('eventType', [
  bounceSchema,
  complaintSchema,
  delaySchema,
  rejectSchema,
  failureSchema,
]);
export type SesEvent = z.infer<typeof sesEventSchema>;

// The notifications of an identity have the same form but for this name; whoever subscribes the topic to them as well is understood.
const anySchema = z.looseObject({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.looseObject({}),
});

const known: ReadonlySet<string> = new Set(sesEventSchema.options.map(({ shape }) => shape.eventType.value));

/**
 * Reads an event of SES; undefined when a value is none.
 * @throws ShuntError when it is one that Belfry did not ask for, or cannot read.
 */
export const readSesEvent = (value: unknown): SesEvent | undefined => {
  const any = anySchema.safeParse(value);
  if (!any.success) return undefined;
  const eventType = any.data.eventType ?? any.data.notificationType;
  if (eventType === undefined) return undefined;
  if (!known.has(eventType)) {
    throw new ShuntError(`Amazon SES tells of a "${eventType}", which Belfry does not ask for.`);
  }
  const read = sesEventSchema.safeParse({ ...any.data, eventType });
  if (read.success) return read.data;
  throw new ShuntError(
    `An event of Amazon SES of type "${eventType}" cannot be read: ${z.prettifyError(read.error)}`,
  );
};

/** What SES publishes once when it is told where to publish, to see whether it may. It is a sentence and no JSON. */
export const isSesGreeting = (body: string): boolean =>
  body.startsWith('Successfully validated SNS topic for Amazon SES event publishing');
