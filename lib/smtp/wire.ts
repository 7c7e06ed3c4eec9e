import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectSecure } from 'node:tls';
import type { Reply } from './reply.ts';
import { ReplyReader } from './reply-reader.ts';
import { type FaultKind, faultOf, SmtpFault } from './smtp-fault.ts';

/** A moment of `performance.now()`, until when something is awaited. */
export type Until = number;

/** Where a server is, and what it must show when the connection is encrypted. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly verifyCertificate: boolean;
  readonly verifyHost: boolean;
}

/** How long a server has to close its side after QUIT before the connection is thrown away. */
const farewellMs = 1_000;

/** Somebody who waits: for a reply, for the kernel to take what was written, or for an event of the socket. */
interface Waiting {
  readonly for: 'reply' | 'kernel' | 'event';
  readonly done: () => void;
  readonly failed: (fault: SmtpFault) => void;
  readonly until: Until;
}

const tlsOptions = ({ host, verifyCertificate, verifyHost }: Target): ConnectionOptions => ({
  host,
  // A name alone may be sent to the server: no address (RFC 6066, section 3).
  ...(isIP(host) === 0 ? { servername: host } : {}),
  rejectUnauthorized: verifyCertificate,
  ...(verifyHost ? {} : { checkServerIdentity: () => undefined }),
});

/**
 * A connection to a server, as commands out and replies in. It knows how many replies are owed to us: one that nobody asked for would be taken
 * for the answer to what is said next, and all that follow would be out of step, so that the connection ends instead. The first fault is
 * the last: it ends the connection, and every wait.
 */
export class Wire {
  #socket: Socket;
  #reader = new ReplyReader();
  readonly #replies: Reply[] = [];
  /** The greeting comes without a command. */
  #owed = 1;
  #fault: SmtpFault | undefined;
  /** Who waits, and for what. There is never more than one. */
  #waiting: Waiting | undefined;
  /** What a fault would be now: while TLS begins, it is one of TLS. */
  #kind: FaultKind = 'closed';
  // One timer for each connection, and none for each reply: it is left to ring, and looks then whether somebody waits in vain.
  #timer: NodeJS.Timeout | undefined;
  #rings: Until = Number.POSITIVE_INFINITY;

  readonly #onData = (bytes: Buffer): void => this.#take(bytes);

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Connects; with TLS from the first byte when it is to be `secure`. */
  static async open(target: Target, secure: boolean, until: Until): Promise<Wire> {
    const { host, port } = target;
    const socket = secure
      ? connectSecure({ port, ...tlsOptions(target) })
      : connectPlain({ host, port, noDelay: true });
    const wire = new Wire(socket);
    // A command and a mail are one write each, which must not wait for the acknowledgement of what was written before (RFC 896).
    if (secure) socket.setNoDelay(true);
    await wire.#event(socket, 'connect', until);
    if (!secure) return wire;
    wire.#kind = 'tls';
    await wire.#event(socket, 'secureConnect', until);
    wire.#kind = 'closed';
    return wire;
  }

  /** Why it can no longer be used; undefined while it can. */
  get fault(): SmtpFault | undefined {
    return this.#fault;
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? '127.0.0.1';
  }

  /** Writes commands, with their line ends, for each of which one reply is owed. */
  send(commands: string, replies: number): void {
    if (this.#fault !== undefined) throw this.#fault;
    this.#owed += replies;
    this.#socket.write(commands, 'latin1');
  }

  /** Writes data for which one reply is owed; ends when the kernel has all of it, so that the server may have it. */
  hand(data: Buffer, until: Until): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    this.#owed += 1;
    return new Promise((done, failed) => {
      this.#wait({ for: 'kernel', done, failed, until });
      // Node calls back without an error as well when the connection was destroyed in the middle; then the fault has ended the wait.
      this.#socket.write(data, (error) => {
        if (error) this.fail(faultOf('closed', error));
        else this.#finish('kernel');
      });
    });
  }

  /** The next reply, which is whole before the given moment, however slowly it comes. */
  reply(until: Until): Promise<Reply> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    return new Promise((resolve, failed) => {
      const done = (): void => {
        const next = this.#replies.shift();
        if (next !== undefined) resolve(next);
      };
      this.#wait({ for: 'reply', done, failed, until });
    });
  }

  /**
   * Begins TLS. What came in the clear after the reply to STARTTLS is forgotten: somebody in between could have put it there for us to take
   * for the word of the server (RFC 3207, section 6).
   */
  async secure(target: Target, until: Until): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const plain = this.#socket;
    plain.off('data', this.#onData);
    this.#reader = new ReplyReader();
    this.#replies.length = 0;
    this.#owed = 0;
    const socket = connectSecure({ socket: plain, ...tlsOptions(target) });
    this.#socket = socket;
    this.#kind = 'tls';
    this.#listen(socket);
    await this.#event(socket, 'secureConnect', until);
    this.#kind = 'closed';
  }

  /** Says good-bye when the server still listens, and closes. It ends soon, whatever the server does. */
  async close(): Promise<void> {
    const socket = this.#socket;
    const polite = this.#fault === undefined;
    this.#fault ??= new SmtpFault('closed', 'The connection is closed');
    clearTimeout(this.#timer);
    this.#waiting?.failed(this.#fault);
    this.#waiting = undefined;
    if (!polite || socket.destroyed || this.#owed > 0) {
      socket.destroy();
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), farewellMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      // The reply is awaited, whatever it says (RFC 5321, section 4.1.1.10).
      socket.once('data', () => socket.end());
      socket.write('QUIT\r\n', 'latin1');
    });
  }

  /** Ends the connection for a reason. The first reason counts. */
  fail(fault: SmtpFault): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.failed(fault);
  }

  #listen(socket: Socket): void {
    socket.on('data', this.#onData);
    socket.on('error', (error) => this.fail(faultOf(this.#kind, error)));
    // A server that closes its side reads nothing more of what we would say.
    socket.on('end', () => this.fail(new SmtpFault(this.#kind, 'The server closed the connection')));
    socket.on('close', () => this.fail(new SmtpFault(this.#kind, 'The connection ended')));
  }

  #take(bytes: Buffer): void {
    if (this.#fault !== undefined) return;
    for (const reply of this.#reader.read(bytes)) {
      if (this.#owed === 0) {
        this.fail(new SmtpFault(reply.code === 421 ? 'refused' : 'protocol', reply));
        return;
      }
      this.#owed -= 1;
      this.#replies.push(reply);
      this.#finish('reply');
    }
    if (this.#reader.wrong !== undefined) this.fail(new SmtpFault('protocol', this.#reader.wrong));
  }

  #event(socket: Socket, name: string, until: Until): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    return new Promise((done, failed) => {
      this.#wait({ for: 'event', done, failed, until });
      socket.once(name, () => this.#finish('event'));
    });
  }

  #wait(waiting: Waiting): void {
    this.#waiting = waiting;
    if (this.#timer !== undefined && this.#rings <= waiting.until) return;
    clearTimeout(this.#timer);
    this.#rings = waiting.until;
    this.#timer = setTimeout(() => this.#rang(), Math.max(0, waiting.until - performance.now()));
  }

  #rang(): void {
    this.#timer = undefined;
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    if (performance.now() < waiting.until) this.#wait(waiting);
    else this.fail(new SmtpFault('time-out', 'The server did not answer in time'));
  }

  #finish(what: Waiting['for']): void {
    const waiting = this.#waiting;
    if (waiting?.for !== what) return;
    this.#waiting = undefined;
    waiting.done();
  }
}
