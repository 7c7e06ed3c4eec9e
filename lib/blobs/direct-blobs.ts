import { crc32 } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { escapeUri } from '@smithy/core/protocols';
import { type DirectOptions, directRequests } from '../aws/direct-requests.ts';
import type { Blobs } from './blobs.ts';

/** The checksum that S3 keeps with the object, as the SDK gives it: four bytes in Base64. */
const checksum = (bytes: Buffer): string => {
  const four = Buffer.allocUnsafe(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString('base64');
};

/**
 * The same blobs, but they are read, and what is in memory is stored, by a request of our own; by the SDK only when that fails. It also says when there
 * are no bytes. The same bytes under the same key may be stored twice.
 */
export const directBlobs = (
  s3: S3Client,
  bucket: string,
  blobs: Blobs,
  options: Pick<DirectOptions, 'tell' | 'restMs' | 'patienceMs'>,
): Blobs => {
  const send = directRequests({
    ...options,
    service: 's3',
    config: s3.config,
    // The endpoint of an object's bucket; no key is part of it.
    endpoint: () => getEndpointFromInstructions({ Bucket: bucket, Key: '-' }, PutObjectCommand, s3.config),
  });
  const pathOf = (key: string): string => `/${key.split('/').map(escapeUri).join('/')}`;
  return {
    ...blobs,
    put: async (key, body) => {
      const stored =
        body instanceof Buffer &&
        (await send({
          method: 'PUT',
          path: pathOf(key),
          headers: { 'content-type': 'application/octet-stream', 'x-amz-checksum-crc32': checksum(body) },
          body,
        })) !== undefined;
      if (!stored) await blobs.put(key, body);
    },
    get: async (key) =>
      (await send({
        method: 'GET',
        path: pathOf(key),
        headers: {},
        body: Buffer.alloc(0),
        refusal: 'NoSuchKey',
      })) ?? blobs.get(key),
  };
};
