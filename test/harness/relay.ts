import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A transaction that the relay accepted with 250 after the final dot. */
export interface Received {
  readonly connection: number;
  readonly sender: string;
  readonly recipients: readonly string[];
  /** The data as sent, without dot-stuffing. */
  readonly message: Buffer;
}

/** What the relay says; `drop` closes the connection instead, and `hang` says nothing for ever. */
export type Says = string | 'drop' | 'hang';

/** What the relay says at each step; what is not given is a plain yes. */
export interface Script {
  readonly greeting?: () => Says;
  readonly ehlo?: () => readonly string[] | Says;
  readonly starttls?: () => Says;
  /** What somebody in between puts behind the reply to STARTTLS, in the clear. */
  readonly injected?: string;
  readonly auth?: (mechanism: string, user: string, password: string) => Says;
  readonly mail?: (sender: string, connection: number) => Says;
  readonly rcpt?: (recipient: string, soFar: number) => Says;
  readonly data?: (recipients: readonly string[]) => Says;
  /** While the data comes: closes the connection after so many bytes of it. */
  readonly dropInData?: number;
  /** After the final dot. `accept and drop` counts the mail and closes without a reply (RFC 1047). */
  readonly dot?: (recipients: readonly string[]) => Says | 'accept and drop';
  readonly rset?: () => Says;
  /**
   * How it treats commands that come in one packet although it offers PIPELINING: `loses` all but the first; `refuses` all but the first with 503.
   */
  readonly lies?: 'loses' | 'refuses';
  /** Sends one byte every so many milliseconds. */
  readonly trickleMs?: number;
}

/** The key and certificate of a relay that can do TLS; `fromTheStart` for smtps. */
export interface RelayTls {
  readonly key: string;
  readonly cert: string;
  readonly fromTheStart?: boolean;
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
  /** The command lines that came, without line ends, of all connections. */
  readonly commands: readonly string[];
  /** The packets that commands came in. */
  readonly packets: readonly string[];
  /** How many connections are open now. */
  readonly openNow: () => number;
  /** Closes all connections without a word. */
  readonly cut: () => void;
  /** Waits until so many deliveries were accepted. */
  readonly deliveries: (count: number, limitMs?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const address = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** Starts the relay on a free port of the loopback. */
export const startRelay = async (first: Script = {}, tls?: RelayTls): Promise<TestRelay> => {
  let script = first;
  const received: Received[] = [];
  const commands: string[] = [];
  const packets: string[] = [];
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  let connections = 0;

  const talk = (plain: Socket, connection: number): void => {
    let socket = plain;
    let secure = false;
    let buffered = Buffer.alloc(0);
    let inData = false;
    let sender: string | undefined;
    let recipients: string[] = [];
    /** What takes the next line when it is no command: a step of AUTH. */
    let answer: ((line: string) => void) | undefined;
    let trickling = Promise.resolve();
    const send = (text: string): void => {
      const { trickleMs } = script;
      if (trickleMs === undefined) {
        socket.write(text);
        return;
      }
      trickling = trickling.then(async () => {
        for (const byte of text) {
          if (socket.destroyed) return;
          socket.write(byte);
          await new Promise((resolve) => setTimeout(resolve, trickleMs));
        }
      });
    };
    const say = (reply: Says): void => {
      if (reply === 'drop') socket.destroy();
      else if (reply !== 'hang') send(`${reply}\r\n`);
    };
    const accept = (message: Buffer): void => {
      received.push({ connection, sender: sender ?? '', recipients, message });
      for (const watcher of watchers) watcher();
    };
    const listen = (): void => {
      socket.on('data', take);
      socket.on('error', () => socket.destroy());
    };
    const ehlo = (): void => {
      const said = script.ehlo?.() ?? [
        'relay.test',
        'PIPELINING',
        '8BITMIME',
        'SIZE',
        'ENHANCEDSTATUSCODES',
        ...(tls !== undefined && !secure ? ['STARTTLS'] : []),
        ...(script.auth === undefined ? [] : ['AUTH PLAIN LOGIN']),
      ];
      if (typeof said === 'string') say(said);
      else {
        for (const [index, text] of said.entries()) say(`250${index === said.length - 1 ? ' ' : '-'}${text}`);
      }
    };
    const starttls = (): void => {
      const reply = script.starttls?.() ?? (tls === undefined ? '250 2.0.0 Ok' : '220 2.0.0 Go ahead');
      if (!reply.startsWith('220') || tls === undefined) {
        say(reply);
        return;
      }
      socket.off('data', take);
      socket.write(`${reply}\r\n${script.injected ?? ''}`);
      secure = true;
      buffered = Buffer.alloc(0);
      socket = new TLSSocket(plain, { isServer: true, key: tls.key, cert: tls.cert });
      listen();
    };
    const auth = (line: string): void => {
      const [, mechanism = '', initial] = line.split(' ');
      const decide = (user: string, password: string): void =>
        say(script.auth?.(mechanism.toUpperCase(), user, password) ?? '250 2.0.0 Ok');
      const plainly = (response: string): void => {
        const [, user = '', password = ''] = decoded(response).split('\0');
        decide(user, password);
      };
      if (script.auth === undefined) decide('', '');
      else if (initial !== undefined) plainly(initial);
      else if (mechanism.toUpperCase() === 'PLAIN') {
        answer = plainly;
        say('334 ');
      } else {
        answer = (user) => {
          answer = (password) => decide(decoded(user), decoded(password));
          say('334 UGFzc3dvcmQ6');
        };
        say('334 VXNlcm5hbWU6');
      }
    };
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      commands.push(line);
      if (verb === 'EHLO') ehlo();
      else if (verb === 'STAR') starttls();
      else if (verb === 'AUTH') auth(line);
      else if (verb === 'MAIL') {
        if (sender !== undefined) {
          say('503 5.5.1 Nested MAIL command');
          return;
        }
        const reply = script.mail?.(address(line), connection) ?? '250 2.1.0 Ok';
        recipients = [];
        if (reply.startsWith('2')) sender = address(line);
        say(reply);
      } else if (verb === 'RCPT') {
        if (sender === undefined) {
          say('503 5.5.1 Need MAIL command');
          return;
        }
        const recipient = address(line);
        const reply = script.rcpt?.(recipient, recipients.length) ?? '250 2.1.5 Ok';
        if (reply.startsWith('2')) recipients = [...recipients, recipient];
        say(reply);
      } else if (verb === 'DATA') {
        const reply =
          script.data?.(recipients) ??
          (recipients.length > 0 ? '354 Go ahead' : '503 5.5.1 No valid recipients');
        inData = reply.startsWith('3');
        say(reply);
      } else if (verb === 'QUIT') {
        socket.end('221 2.0.0 Bye\r\n');
      } else if (verb === 'RSET') {
        sender = undefined;
        say(script.rset?.() ?? '250 2.0.0 Ok');
      } else {
        say('250 2.0.0 Ok');
      }
    };
    const data = (message: Buffer): void => {
      const usual = recipients.length > 0 ? '250 2.0.0 Queued' : '554 5.5.1 No valid recipients';
      const reply = script.dot?.(recipients) ?? usual;
      if (reply.startsWith('2') || reply === 'accept and drop') accept(message);
      sender = undefined;
      say(reply === 'accept and drop' ? 'drop' : reply);
    };
    /** Takes the data to its end; undefined while it has none. */
    const wholeData = (): Buffer | undefined => {
      const empty = buffered.subarray(0, 3).equals(Buffer.from('.\r\n'));
      const end = empty ? -2 : buffered.indexOf('\r\n.\r\n');
      if (end === -1) return undefined;
      const message = buffered.subarray(0, end + 2).toString('latin1');
      buffered = buffered.subarray(end + 5);
      return Buffer.from(message.replaceAll('\r\n..', '\r\n.').replace(/^\.\./, '.'), 'latin1');
    };
    const take = (bytes: Buffer): void => {
      buffered = Buffer.concat([buffered, bytes]);
      if (!inData) packets.push(bytes.toString('latin1'));
      for (let done = 0; !socket.destroyed; done += 1) {
        if (inData) {
          if (script.dropInData !== undefined && buffered.length >= script.dropInData) {
            socket.destroy();
            return;
          }
          const message = wholeData();
          if (message === undefined) return;
          inData = false;
          data(message);
          continue;
        }
        const end = buffered.indexOf('\r\n');
        if (end < 0) return;
        const line = buffered.subarray(0, end).toString('latin1');
        buffered = buffered.subarray(end + 2);
        const answering = answer;
        answer = undefined;
        if (answering !== undefined) answering(line);
        else if (done > 0 && script.lies === 'loses') buffered = Buffer.alloc(0);
        else if (done > 0 && script.lies === 'refuses') say('503 5.5.1 Bad sequence of commands');
        else command(line);
      }
    };
    if (tls?.fromTheStart === true) {
      secure = true;
      socket = new TLSSocket(plain, { isServer: true, key: tls.key, cert: tls.cert });
    }
    listen();
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
    commands,
    packets,
    openNow: () => sockets.size,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
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
