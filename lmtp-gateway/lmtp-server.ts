import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { LmtpConnection, type LmtpLimits } from './lmtp-connection.ts';
import type { LmtpDoor } from './lmtp-door.ts';

/** A certificate and its key, as PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** How an LMTP server is set up. */
export interface LmtpServerOptions {
  readonly door: LmtpDoor;
  readonly limits: LmtpLimits;
  /** The name in the greeting; empty: the name of the machine. */
  readonly hostname: string;
  readonly version: string;
  readonly idleSeconds: number;
  readonly certificate: Certificate | undefined;
  readonly problem: (where: string, error: unknown) => void;
}

/** How long a session has at the end to fetch its last reply. */
const farewellSeconds = 1;

const disabled = ['AUTH', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'];

/** The LMTP server: smtp-server behind our own door. Nothing else in the gateway knows smtp-server. */
export class LmtpServer extends SMTPServer {
  readonly #options: LmtpServerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #receiving = new Set<LmtpConnection>();
  #closing = false;
  #allReceived: () => void = () => {};

  constructor(options: LmtpServerOptions) {
    super({
      lmtp: true,
      banner: `Belfry ${options.version}`,
      heloResponse: '%s',
      size: options.limits.sizeLimit,
      hideSMTPUTF8: true,
      hideENHANCEDSTATUSCODES: false,
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      socketTimeout: options.idleSeconds * 1000,
      disabledCommands: options.certificate === undefined ? [...disabled, 'STARTTLS'] : disabled,
      ...(options.hostname === '' ? {} : { name: options.hostname }),
      ...(options.certificate ?? {}),
    });
    this.#options = options;
    // Clients that vanish are no news; what the listener itself says is.
    this.on('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall === 'listen' || error.syscall === 'accept') options.problem('lmtp/listen', error);
    });
  }

  /** Begins to listen; gives the port. */
  async start(host: string, port: number): Promise<AddressInfo> {
    const listener = this.listen(port, host);
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('The LMTP listener has no port');
    return address;
  }

  override connect(socket: Socket | TLSSocket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const connection = new LmtpConnection(this, socket, {
      door: this.#options.door,
      limits: this.#options.limits,
      closing: () => this.#closing,
      sessions: () => this.connections.size,
      receiving: (one, underWay) => this.#note(one, underWay),
    });
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }

  /**
   * Shuts down: sessions get 421, but a DATA that is under way may end within the grace, and what is not done by then is
   * dropped without a reply, so that the MTA repeats it (design, section 6). New connections get 421 until then.
   */
  async stop(graceSeconds: number): Promise<void> {
    this.#closing = true;
    for (const connection of this.connections) {
      if (connection instanceof LmtpConnection) connection.shutDown();
    }
    const timer = new AbortController();
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#allReceived = resolve;
        if (this.#receiving.size === 0) resolve();
      }),
      delay(graceSeconds * 1000, undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
    for (const connection of this.#receiving) connection.cut();
    await this.#closeSockets();
  }

  async #closeSockets(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const timer = new AbortController();
    await Promise.race([
      closed,
      delay(farewellSeconds * 1000, undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #note(connection: LmtpConnection, underWay: boolean): void {
    if (underWay) this.#receiving.add(connection);
    else this.#receiving.delete(connection);
    if (this.#receiving.size === 0) this.#allReceived();
  }
}
