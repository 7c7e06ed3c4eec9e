import { connect, type Socket } from 'node:net';
import { latenciesOf } from '../measure/latencies.ts';
import type { DriverOrder, DriverReport } from './lmtp-order.ts';

// The load on an LMTP server, in a process of its own: some sessions that are kept, each with one mail after the other. MAIL, RCPT
// and DATA go in one write, as Postfix does with a server that offers PIPELINING; the mail follows when DATA is answered.

/** A driver that does more than this has no use: what is measured is the server, on two cores that they share. */
const order: DriverOrder = JSON.parse(process.argv[2] ?? '{}');
const run = `${process.pid}.${Date.now().toString(36)}`;

/** Lines of 70 characters, so that the server has as many line ends to look at as in mail. */
const filler = (size: number): Buffer => {
  const line = `${'The bell is heard by everyone who belongs to the parish. '.repeat(2).slice(0, 70)}\r\n`;
  const text = line.repeat(Math.ceil(size / line.length)).slice(0, Math.max(0, size - 2));
  return Buffer.from(`${text.replace(/\r?\n?$/, '')}\r\n`);
};

const head = (number: number): string =>
  [
    `From: Anne <${order.sender}>`,
    `To: ${order.recipient}`,
    `Subject: Load ${number}`,
    `Message-ID: <${number}.${run}@load.example>`,
    'Date: Fri, 20 Nov 2026 12:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    '',
  ].join('\r\n');

const body = filler(order.size - head(0).length);
const envelope = `MAIL FROM:<${order.sender}>\r\nRCPT TO:<${order.recipient}>\r\nDATA\r\n`;
const end = Buffer.from('.\r\n');

const latencies: number[] = [];
const refused: Record<string, number> = {};
let next = 0;
let began = 0;

/** What the session waits for. */
type Awaited = 'greeting' | 'hello' | 'mail' | 'rcpt' | 'data' | 'verdict' | 'end';

const session = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    let awaited: Awaited = 'greeting';
    let sentAt = 0;
    let number = 0;
    let held = '';

    const begin = (): void => {
      if (next === order.messages) {
        awaited = 'end';
        socket.end('QUIT\r\n');
        return;
      }
      number = next;
      next += 1;
      sentAt = performance.now();
      if (began === 0) began = sentAt;
      awaited = 'mail';
      socket.write(envelope);
    };

    const reply = (line: string): void => {
      const good = line.startsWith('2') || line.startsWith('3');
      switch (awaited) {
        case 'greeting':
          awaited = 'hello';
          socket.write('LHLO load.example\r\n');
          return;
        case 'hello':
          begin();
          return;
        case 'mail':
        case 'rcpt':
          if (!good) throw new Error(`The server refuses the load: ${line}`);
          awaited = awaited === 'mail' ? 'rcpt' : 'data';
          return;
        case 'data':
          if (!good) throw new Error(`The server refuses the load: ${line}`);
          awaited = 'verdict';
          socket.write(Buffer.concat([Buffer.from(head(number)), body, end]));
          return;
        case 'verdict':
          latencies.push(performance.now() - sentAt);
          if (!good) refused[line.slice(0, 3)] = (refused[line.slice(0, 3)] ?? 0) + 1;
          begin();
          return;
        case 'end':
          return;
      }
    };

    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      const lines = (held + chunk.toString('latin1')).split('\r\n');
      held = lines.pop() ?? '';
      try {
        for (const line of lines) if (line[3] !== '-') reply(line);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (awaited === 'end') resolve();
      else reject(new Error(`The server closed a session while "${awaited}" was awaited`));
    });
  });

await Promise.all(Array.from({ length: order.sessions }, () => session(connect(order.port, '127.0.0.1'))));
const { user, system } = process.cpuUsage();
const report: DriverReport = {
  messages: latencies.length,
  refused,
  seconds: (performance.now() - began) / 1000,
  latency: latenciesOf(latencies),
  cpuSeconds: (user + system) / 1e6,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
