import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { directRequests } from '../../lib/aws/direct-requests.ts';
import { jsonRequest } from '../../lib/aws/json-request.ts';

/** What the pollers ask all the time. */
const operations = new Set([
  'ReceiveMessageCommand',
  'DeleteMessageBatchCommand',
  'ChangeMessageVisibilityBatchCommand',
]);

/**
 * Makes a client send what the pollers ask past the SDK's stack of steps, and by it when that fails; gives the same client. On AWS the pollers are
 * Lambda's and cost nothing of ours: here they are on the same two cores as the functions (docs/decisions/0031).
 */
export const directSqs = (sqs: SQSClient): SQSClient => {
  const send = directRequests({
    service: 'sqs',
    config: sqs.config,
    endpoint: () => getEndpointFromInstructions({}, ReceiveMessageCommand, sqs.config),
    // The emulator is asked again by the SDK, and that says what is wrong with it.
    tell: () => undefined,
  });
  sqs.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!operations.has(commandName)) return next(args);
        const target = `AmazonSQS.${commandName.replace(/Command$/, '')}`;
        const answer = await send(jsonRequest(target, JSON.stringify(args.input)));
        if (answer === undefined) return next(args);
        const output: object = Object(JSON.parse(answer.toString()));
        return { response: undefined, output: { ...output, $metadata: {} } };
      },
    { step: 'initialize', name: 'directSqs' },
  );
  return sqs;
};
