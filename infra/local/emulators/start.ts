import { join } from 'node:path';
import { portSchema, startCompanion } from '../companion.ts';

/** Where the emulators answer, by the service's name in the variables `AWS_ENDPOINT_URL_*`. */
export interface Endpoints {
  readonly sqs: string;
  readonly s3: string;
  readonly dynamodb: string;
}

/** The emulators of AWS, each in a process of its own so that two cores are of use. */
export interface Emulators {
  readonly endpoints: Endpoints;
  readonly stop: () => Promise<void>;
}

/** Starts the emulators on free ports of the loopback. */
export const startEmulators = async (lost: (problem: string) => void): Promise<Emulators> => {
  const start = async (script: string) => {
    const companion = await startCompanion(join(import.meta.dirname, script), portSchema, lost);
    return { url: `http://127.0.0.1:${companion.ready.port}`, stop: companion.stop };
  };
  const [queuesAndBlobs, dynamodb] = await Promise.all([start('sqs-s3.ts'), start('dynamodb.ts')]);
  return {
    endpoints: { sqs: queuesAndBlobs.url, s3: queuesAndBlobs.url, dynamodb: dynamodb.url },
    stop: async () => {
      await Promise.all([queuesAndBlobs.stop(), dynamodb.stop()]);
    },
  };
};
