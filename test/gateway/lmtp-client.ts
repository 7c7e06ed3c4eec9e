import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A client that speaks LMTP byte by byte, right or wrong, as a test wants it. */
export class LmtpClient {
  #socket: Socket;
  #buffered = '';
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async open(port: number): Promise<LmtpClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new LmtpClient(socket);
    await once(socket, 'connect');
    return client;
  }

  #listen(): void {
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    this.#socket.on('data', (chunk) => {
      this.#buffered += chunk.toString('latin1');
      this.#wake();
    });
    this.#socket.on('error', end);
    this.#socket.on('close', end);
    this.#socket.on('end', end);
  }

  /** Sends bytes as they are; resolves when the kernel has them, or the server is gone. */
  async send(bytes: string | Buffer): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#socket.write(Buffer.from(bytes as string, 'latin1'), () => resolve()),
    );
  }

  /** The next line that the server sends; undefined when it has closed instead. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffered.indexOf('\r\n');
      if (end !== -1) {
        const line = this.#buffered.slice(0, end);
        this.#buffered = this.#buffered.slice(end + 2);
        return line;
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next whole reply, its lines joined. */
  async reply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === undefined) return [...lines, '(closed)'].join('\n');
      lines.push(line);
      if (line[3] !== '-') return lines.join('\n');
    }
  }

  /** Sends a command and gives its reply. */
  async say(command: string): Promise<string> {
    await this.send(`${command}\r\n`);
    return this.reply();
  }

  /** Sends a mail whose content ends with a line end, in a transaction of its own; gives the replies after DATA. */
  async mail(sender: string, recipients: readonly string[], content: string): Promise<readonly string[]> {
    await this.say(`MAIL FROM:<${sender}>`);
    for (const recipient of recipients) await this.say(`RCPT TO:<${recipient}>`);
    const go = await this.say('DATA');
    if (!go.startsWith('354')) return [go];
    await this.send(`${content.replace(/^\./gm, '..')}.\r\n`);
    const replies: string[] = [];
    for (const _ of recipients) replies.push(await this.reply());
    return replies;
  }

  /** Changes to TLS after a STARTTLS that was answered 220. */
  async secure(ca: string): Promise<void> {
    this.#socket.removeAllListeners();
    const tls = connectTls({ socket: this.#socket, ca, servername: 'mail.example.com' });
    await once(tls, 'secureConnect');
    this.#socket = tls;
    this.#listen();
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }

  close(): void {
    this.#socket.destroy();
  }
}
