import type { Server } from 'node:net';

/** Listens on a free port of 127.0.0.1, or on the port given; gives the port. */
export const listenOnLoopback = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('A server on 127.0.0.1 has no port'));
    });
  });
