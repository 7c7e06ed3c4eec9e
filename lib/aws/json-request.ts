import type { DirectRequest } from './direct-requests.ts';

/**
 * A request of the JSON protocol that DynamoDB and SQS speak, by its target, such as `DynamoDB_20120810.GetItem` or `AmazonSQS.ReceiveMessage`
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html).
 */
export const jsonRequest = (target: string, json: string): DirectRequest => ({
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
  body: Buffer.from(json),
});
