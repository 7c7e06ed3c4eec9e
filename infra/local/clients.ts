import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { directSqs } from './direct-sqs.ts';
import type { Endpoints } from './emulators/start.ts';
import { region } from './names.ts';

/** The clients of the stack itself. */
export interface Clients {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly dynamo: DynamoDBClient;
}

/** Opens clients to the emulators. */
export const openClients = (endpoints: Endpoints): Clients => {
  const common = { region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return {
    sqs: directSqs(new SQSClient({ ...common, endpoint: endpoints.sqs })),
    s3: new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true }),
    dynamo: new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb }),
  };
};
