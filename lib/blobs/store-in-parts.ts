import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/**
 * Stores what comes as a stream, in parts, of which one at a time is in memory. It is a file of its own because only the gateway takes mail that comes so:
 * the functions' bundles do without it.
 */
export const storeInParts = async (
  client: S3Client,
  object: { readonly Bucket: string; readonly Key: string; readonly Body: Readable },
): Promise<void> => {
  await new Upload({ client, params: object, queueSize: 1 }).done();
};
