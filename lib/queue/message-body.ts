import type { QueueMessage } from './messages.ts';

/**
 * The body of a message on SQS: JSON, in which the characters are escaped that SQS does not take for certain. It refuses U+FFFE and U+FFFF
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html), and strangers can write them; of the
 * characters beyond U+FFFF its documents say one thing in one place and another in another, and a list may well be named with one.
 */
export const messageBody = (message: QueueMessage): string =>
  JSON.stringify(message).replace(
    /[\ud800-\udfff\ufffe\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  );
