import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An S3 that takes objects, whole or in parts, and forgets their bytes, for mail that no emulator could hold. */
export interface S3Sink {
  readonly endpoint: string;
  /** How many objects were stored. */
  readonly objects: () => number;
  /** How many bytes were stored. */
  readonly bytes: () => number;
  readonly close: () => Promise<void>;
}

const xml = (name: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;

/** Starts a sink on a free port of the loopback. */
export const startS3Sink = async (): Promise<S3Sink> => {
  let objects = 0;
  let bytes = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    request.on('data', (chunk: Buffer) => {
      if (request.method === 'PUT') bytes += chunk.length;
    });
    request.on('end', () => {
      const key = `<Bucket>b</Bucket><Key>${url.pathname.slice(1)}</Key>`;
      response.setHeader('etag', '"0"');
      if (request.method === 'POST' && url.searchParams.has('uploads')) {
        response.end(xml('InitiateMultipartUploadResult', `${key}<UploadId>1</UploadId>`));
        return;
      }
      if (request.method === 'POST' || !url.searchParams.has('partNumber')) objects += 1;
      response.end(
        request.method === 'POST' ? xml('CompleteMultipartUploadResult', `${key}<ETag>"0"</ETag>`) : '',
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects: () => objects,
    bytes: () => bytes,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
