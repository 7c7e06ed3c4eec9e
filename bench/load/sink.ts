import { createServer, type Socket } from 'node:net';
import * as z from 'zod';
import { listenOnLoopback } from '../../infra/local/loopback.ts';

// The relay of the bench `post`: takes SMTP with PIPELINING as cheaply as it can be done, keeps nothing, and counts. It says when the
// recipients that it was told to expect have been served, by the clock that all processes of a machine share.

const orderSchema = z.object({ expect: z.number(), delayMs: z.number() });

let delivered = 0;
let transactions = 0;
let expected = 0;
let delayMs = 0;

const now = (): string => String(process.hrtime.bigint());

const count = (recipients: number): void => {
  delivered += recipients;
  transactions += 1;
  if (expected === 0 || delivered < expected) return;
  process.send?.({ delivered, transactions, at: now() });
  expected = 0;
};

const dotAlone = Buffer.from('\r\n.\r\n');

const talk = (socket: Socket): void => {
  let held: Buffer = Buffer.alloc(0);
  let recipients = 0;
  let data = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write('220 sink.example ESMTP\r\n');

  const answer = (line: string): string => {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return '250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 33554432\r\n';
      case 'RCPT':
        recipients += 1;
        return '250 2.1.5 OK\r\n';
      case 'DATA':
        data = true;
        return '354 Go on\r\n';
      case 'RSET':
        recipients = 0;
        return '250 2.0.0 OK\r\n';
      case 'QUIT':
        return '221 2.0.0 Bye\r\n';
      default:
        return '250 2.0.0 OK\r\n';
    }
  };

  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let replies = '';
    for (;;) {
      if (data) {
        const end = held.indexOf(dotAlone);
        if (end === -1) break;
        held = held.subarray(end + dotAlone.length);
        data = false;
        replies += '250 2.0.0 Delivered\r\n';
        count(recipients);
        recipients = 0;
        continue;
      }
      const end = held.indexOf('\r\n');
      if (end === -1) break;
      replies += answer(held.toString('latin1', 0, end));
      held = held.subarray(end + 2);
    }
    if (replies === '') return;
    const say = (): void => {
      socket.write(replies);
      if (replies.includes('\n221 ') || replies.startsWith('221 ')) socket.end();
    };
    // A relay that is so far away: one delay for all that came in one packet. Timers of one length end in the order they began.
    if (delayMs === 0) say();
    else setTimeout(say, delayMs);
  });
};

process.on('message', (message) => {
  ({ expect: expected, delayMs } = orderSchema.parse(message));
  delivered = 0;
  transactions = 0;
  process.send?.({ ready: true });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: await listenOnLoopback(createServer(talk)) });
