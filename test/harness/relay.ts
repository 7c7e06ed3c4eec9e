import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A transaction that the relay accepted with 250 after the final dot. */
export interface Received {
  readonly connection: number;
  readonly sender: string;
  readonly recipients: readonly string[];
  /** The data as sent, without dot-stuffing. */
  readonly message: Buffer;
}

/** What the relay says at each step; what is not given is a plain yes. `drop` closes the connection instead of a reply. */
export interface Script {
  readonly greeting?: () => string;
  readonly ehlo?: () => readonly string[];
  readonly mail?: (sender: string) => string | 'drop';
  readonly rcpt?: (recipient: string, soFar: number) => string | 'drop';
  readonly data?: () => string | 'drop';
  /** After the final dot. `accept and drop` counts the mail and closes without a reply (RFC 1047). */
  readonly dot?: (recipients: readonly string[]) => string | 'drop' | 'accept and drop';
}

/** A small SMTP server that does as it is told, and counts. */
export interface TestRelay {
  readonly port: number;
  readonly received: readonly Received[];
  readonly connections: () => number;
  /** Changes what it says from now on. */
  readonly says: (script: Script) => void;
  /** How many copies each address got. */
  readonly copies: () => ReadonlyMap<string, number>;
  /** Waits until so many deliveries were accepted. */
  readonly deliveries: (count: number, limitMs?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const address = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

/** Starts the relay on a free port of the loopback. */
export const startRelay = async (first: Script = {}): Promise<TestRelay> => {
  let script = first;
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  let connections = 0;

  const talk = (socket: Socket, connection: number): void => {
    let buffered = Buffer.alloc(0);
    let inData = false;
    let sender = '';
    let recipients: string[] = [];
    const say = (reply: string): void => {
      if (reply === 'drop') socket.destroy();
      else socket.write(`${reply}\r\n`);
    };
    const accept = (message: Buffer): void => {
      received.push({ connection, sender, recipients, message });
      for (const watcher of watchers) watcher();
    };
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') {
        const lines = script.ehlo?.() ?? [
          'relay.test',
          'PIPELINING',
          '8BITMIME',
          'SIZE',
          'ENHANCEDSTATUSCODES',
        ];
        for (const [index, text] of lines.entries())
          say(`250${index === lines.length - 1 ? ' ' : '-'}${text}`);
      } else if (verb === 'MAIL') {
        sender = address(line);
        recipients = [];
        say(script.mail?.(sender) ?? '250 2.1.0 Ok');
      } else if (verb === 'RCPT') {
        const recipient = address(line);
        const reply = script.rcpt?.(recipient, recipients.length) ?? '250 2.1.5 Ok';
        if (reply.startsWith('2')) recipients = [...recipients, recipient];
        say(reply);
      } else if (verb === 'DATA') {
        const reply =
          script.data?.() ?? (recipients.length > 0 ? '354 Go ahead' : '503 5.5.1 No valid recipients');
        inData = reply.startsWith('3');
        say(reply);
      } else if (verb === 'QUIT') {
        socket.end('221 2.0.0 Bye\r\n');
      } else {
        say('250 2.0.0 Ok');
      }
    };
    const data = (message: Buffer): void => {
      const reply = script.dot?.(recipients) ?? '250 2.0.0 Queued';
      if (reply.startsWith('2') || reply === 'accept and drop') accept(message);
      say(reply === 'accept and drop' ? 'drop' : reply);
    };
    socket.on('data', (bytes) => {
      buffered = Buffer.concat([buffered, bytes]);
      for (;;) {
        const end = inData ? buffered.indexOf('\r\n.\r\n') : buffered.indexOf('\r\n');
        if (end < 0 || socket.destroyed) return;
        if (inData) {
          const message = buffered
            .subarray(0, end + 2)
            .toString('latin1')
            .replaceAll('\r\n..', '\r\n.');
          buffered = buffered.subarray(end + 5);
          inData = false;
          data(Buffer.from(message, 'latin1'));
        } else {
          const line = buffered.subarray(0, end).toString('latin1');
          buffered = buffered.subarray(end + 2);
          command(line);
        }
      }
    });
    socket.on('error', () => socket.destroy());
    say(script.greeting?.() ?? '220 relay.test ESMTP');
  };

  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    talk(socket, connections);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const deliveries = (count: number, limitMs = 20_000): Promise<void> =>
    new Promise((resolve, reject) => {
      const delivered = (): number => received.reduce((sum, { recipients }) => sum + recipients.length, 0);
      const done = (): void => {
        if (delivered() < count) return;
        clearTimeout(timer);
        watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(() => {
        watchers.delete(done);
        reject(new Error(`The relay got ${delivered()} deliveries, not ${count}, within ${limitMs} ms`));
      }, limitMs);
      watchers.add(done);
      done();
    });

  return {
    port,
    received,
    connections: () => connections,
    says: (next) => {
      script = next;
    },
    copies: () => {
      const copies = new Map<string, number>();
      for (const { recipients } of received) {
        for (const recipient of recipients) copies.set(recipient, (copies.get(recipient) ?? 0) + 1);
      }
      return copies;
    },
    deliveries,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
