import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of the loopback that is free now, for servers that read theirs from a file and cannot be told to take any. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port');
  return address.port;
};
