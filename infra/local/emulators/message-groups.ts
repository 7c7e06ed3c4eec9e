import type { buildApp } from 'fauxqs';
import { z } from 'zod';

/** The message attribute under which the group of a message travels through the emulator; nobody outside sees it. */
const hidden = 'Belfry.MessageGroupId';

const entrySchema = z.looseObject({
  MessageGroupId: z.string().optional(),
  MessageAttributes: z.record(z.string(), z.unknown()).optional(),
});
const sentSchema = z.looseObject({ ...entrySchema.shape, Entries: z.array(entrySchema).optional() });
const hiddenSchema = z.looseObject({ StringValue: z.string() });
const receivedSchema = z.looseObject({
  Messages: z
    .array(
      z.looseObject({
        Attributes: z.record(z.string(), z.string()).optional(),
        MessageAttributes: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
});

type Entry = z.infer<typeof entrySchema>;

const hide = (entry: Entry): void => {
  if (entry.MessageGroupId === undefined) return;
  const group = { DataType: 'String', StringValue: entry.MessageGroupId };
  entry.MessageAttributes = { ...entry.MessageAttributes, [hidden]: group };
};

/**
 * Standard queues of SQS keep the group of a message (fair queues, since 2025), but fauxqs 2.4 drops it. This keeps it as a message
 * attribute while the message is in the emulator, and gives it back where SQS does.
 */
export const keepMessageGroups = (app: ReturnType<typeof buildApp>): void => {
  app.addHook('preHandler', async (request) => {
    const action = request.headers['x-amz-target'];
    if (action !== 'AmazonSQS.SendMessage' && action !== 'AmazonSQS.SendMessageBatch') return;
    const sent = sentSchema.parse(request.body);
    hide(sent);
    sent.Entries?.forEach(hide);
    request.body = sent;
  });
  app.addHook('preSerialization', async (request, _reply, payload) => {
    if (request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage') return payload;
    const received = receivedSchema.safeParse(payload);
    if (!received.success) return payload;
    for (const message of received.data.Messages ?? []) {
      const { [hidden]: group, ...attributes } = message.MessageAttributes ?? {};
      const read = hiddenSchema.safeParse(group);
      if (!read.success) continue;
      message.MessageAttributes = attributes;
      message.Attributes = { ...message.Attributes, MessageGroupId: read.data.StringValue };
    }
    return received.data;
  });
};
