import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The port where the load balancer asks whether the gateway is well; it counts as no session. */
export interface Health {
  readonly address: AddressInfo;
  readonly close: () => Promise<void>;
}

/** Answers 200 while mail is taken, and 503 once the gateway shuts down. */
export const answerHealth = async (host: string, port: number, closing: () => boolean): Promise<Health> => {
  const server = createServer((_request, response) => {
    response.writeHead(closing() ? 503 : 200, { 'content-type': 'text/plain', connection: 'close' });
    response.end(closing() ? 'closing\n' : 'well\n');
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The health listener has no port');
  return {
    address,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
