import './end-with-parent.ts';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { MailDev } from 'maildev';
import { listenOnLoopback } from './loopback.ts';

// The process of the mail catcher. It is in a process of its own because it may hold many mails in memory.

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listenOnLoopback(server);
  server.close();
  await once(server, 'close');
  return port;
};

const [, , mailDirectory = ''] = process.argv;
const smtp = await freePort();
const web = await freePort();
// A thousand mails are what a person can look through, and keep its memory near 200 MB.
const catcher = new MailDev({
  smtp,
  web,
  ip: '127.0.0.1',
  webIp: '127.0.0.1',
  maxEmails: 1000,
  mailDirectory,
  silent: true,
});
await catcher.start();
process.send?.({ smtp, web });
