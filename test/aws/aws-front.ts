import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSignedBy, type Received } from './signed-as-aws-reads-it.ts';

/** The secret with which requests to the front must be signed. */
export const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** What becomes of a request: a status or a body in place of an answer, or something that happens to its connection. */
export type Fate =
  | 'answered'
  | number
  | { readonly says: string }
  | 'cut before it is read'
  | 'cut before the reply'
  | 'cut within the reply'
  | 'held';

/** A server in front of an emulator that looks at signatures as AWS does, and does to requests what it is told. */
export interface AwsFront {
  readonly endpoint: string;
  /** What came so far, and whether the SDK had sent it. */
  readonly seen: readonly (Received & { readonly bySdk: boolean })[];
  /** What becomes of the next requests, in order; those after them are answered. */
  readonly next: (...fates: readonly Fate[]) => void;
  readonly close: () => Promise<void>;
}

/** Starts a front on a free port of the loopback. */
export const startAwsFront = async (emulator: string): Promise<AwsFront> => {
  const seen: (Received & { readonly bySdk: boolean })[] = [];
  const fates: Fate[] = [];

  const ask = async (received: Received): Promise<Received & { readonly status: number }> => {
    const asked = request(new URL(received.path, emulator), {
      method: received.method,
      headers: received.headers,
    });
    asked.end(received.body);
    const [answer] = await once(asked, 'response');
    const body = Buffer.concat(await answer.toArray());
    return { ...received, status: answer.statusCode, headers: answer.headers, body };
  };

  const serve = async (received: Received, fate: Fate, response: ServerResponse): Promise<void> => {
    if (typeof fate === 'number') {
      response.writeHead(fate, { 'content-type': 'text/plain' }).end('as it was told');
      return;
    }
    if (typeof fate === 'object') {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(fate.says);
      return;
    }
    if (!isSignedBy(secret, received)) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end('SignatureDoesNotMatch');
      return;
    }
    const { status, headers, body } = await ask(received);
    if (fate === 'cut before the reply') {
      response.destroy();
      return;
    }
    response.writeHead(status, {
      ...headers,
      'content-length': body.length + (fate === 'cut within the reply' ? 1 : 0),
    });
    response.write(body, () => {
      if (fate === 'cut within the reply') response.destroy();
      else response.end();
    });
  };

  const server = createServer(async (incoming, response) => {
    const fate = fates.shift() ?? 'answered';
    const { method = '', url: path = '', headers } = incoming;
    const body = Buffer.concat(await incoming.toArray());
    const received = { method, path, headers, body };
    seen.push({ ...received, bySdk: headers['amz-sdk-invocation-id'] !== undefined });
    if (fate === 'held') return;
    if (fate === 'cut before it is read') response.destroy();
    else await serve(received, fate, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    next: (...told) => {
      fates.push(...told);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
