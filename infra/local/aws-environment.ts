import type { Endpoints } from './emulators/start.ts';
import { region } from './names.ts';

/** What tells the AWS SDK to talk to the emulators: its own environment variables, so that no code knows where it runs. */
export const awsEnvironment = (
  endpoints: Endpoints,
  sesEndpoint?: string,
): Readonly<Record<string, string>> => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  // Nothing may fall through to the real AWS: services that are not emulated find no one.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_ENDPOINT_URL_SQS: endpoints.sqs,
  AWS_ENDPOINT_URL_S3: endpoints.s3,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  ...(sesEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_SES: sesEndpoint }),
  AWS_EC2_METADATA_DISABLED: 'true',
});
