import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { frugal } from '../aws/frugal.ts';
import type { Blobs } from './blobs.ts';

/** How a stream is stored: `lib/blobs/store-in-parts.ts`, where streams come. */
export type StoreStream = (
  client: S3Client,
  object: { readonly Bucket: string; readonly Key: string; readonly Body: Readable },
) => Promise<void>;

const noStreams: StoreStream = () => Promise.reject(new Error('Nothing stores streams here'));

/** The bytes in an S3 bucket. */
export const s3Blobs = (s3: S3Client, bucket: string, storeStream: StoreStream = noStreams): Blobs => {
  const client = frugal(s3);
  return {
    put: async (key, body) => {
      if (body instanceof Readable) {
        await storeStream(client, { Bucket: bucket, Key: key, Body: body });
      } else {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
      }
    },
    get: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body === undefined ? undefined : Buffer.from(await Body.transformToByteArray());
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    copy: async (from, to) => {
      await client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: to,
          CopySource: `${bucket}/${encodeURIComponent(from)}`,
        }),
      );
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
};
