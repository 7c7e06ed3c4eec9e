import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { type AcceptedRecipient, isReply, type LmtpDoor, type Receiver } from './lmtp-door.ts';
import { LmtpParser } from './lmtp-parser.ts';
import { isPlausibleAddress, readPathCommand } from './path-command.ts';
import { type Reply, replies } from './replies.ts';

/** What the protocol must know of the site. */
export interface LmtpLimits {
  readonly sizeLimit: number;
  readonly maxRecipients: number;
  readonly maxSessions: number;
  /** Whether a session must use STARTTLS before it may send mail. */
  readonly tlsRequired: boolean;
}

/** What all sessions of one server share. */
export interface LmtpContext {
  readonly door: LmtpDoor;
  readonly limits: LmtpLimits;
  /** Whether the server is shutting down. */
  readonly closing: () => boolean;
  /** How many sessions are open, this one included. */
  readonly sessions: () => number;
  /** Called when a session has begun to receive a mail, and when it has answered it or lost the client. */
  readonly receiving: (connection: LmtpConnection, underWay: boolean) => void;
}

interface Transaction {
  readonly sender: string;
  readonly recipients: AcceptedRecipient[];
}

const hasEnhancedCode = /^[245]\.\d{1,3}\.\d{1,3} /;

/** What a client may say before STARTTLS when that is mandatory (RFC 3207, section 4). */
const beforeTls = new Set(['LHLO', 'STARTTLS', 'NOOP', 'QUIT']);

/**
 * One LMTP session. From smtp-server it has the socket, the greeting, TLS, the idle timer and the plain commands; MAIL, RCPT
 * and DATA are its own, because smtp-server rewrites addresses, merges repeated recipients (RFC 2033 wants a reply for
 * each) and has one fixed enhanced code for each reply code.
 */
export class LmtpConnection extends SMTPConnection {
  readonly #context: LmtpContext;
  #transaction: Transaction | undefined;
  #receiver: Receiver | undefined;
  /** The socket that holds replies back until the end of this turn. */
  #gathering: Socket | undefined;

  constructor(server: SMTPServer, socket: Socket | TLSSocket, context: LmtpContext) {
    super(server, socket);
    this.#context = context;
  }

  override init(): void {
    const refusal = this.#context.closing()
      ? replies.closing
      : this.#context.sessions() > this.#context.limits.maxSessions
        ? replies.tooManySessions
        : undefined;
    if (refusal === undefined) super.init();
    else this._setListeners(() => this.#reply(refusal));
  }

  /** The server shuts down: a session that does not receive a mail right now finds 421 as the reply to its next command. */
  shutDown(): void {
    if (this.#receiver === undefined) this.#reply(replies.closing);
  }

  /** Ends the session without a word, in the middle of whatever it does. */
  cut(): void {
    this._socket.destroy();
  }

  /** A reply that brings its enhanced code is sent as it is; smtp-server adds one to its own. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    // The greeting of STARTTLS must be out before the handshake begins; everything else may wait for its companions.
    if (code === 220) this.#flush();
    else this.#gather();
    super.send(code, data, typeof data === 'string' && hasEnhancedCode.test(data) ? false : context);
  }

  override _createParser(): LmtpParser {
    const parser = new LmtpParser();
    parser.oncommand = (command, done) => this._onCommand(command, done);
    parser.onlongline = (done) => {
      this.#reply(replies.lineTooLong);
      done();
    };
    // Nothing is read after this, so the session has to end.
    parser.on('error', () => this.#reply(replies.broken));
    return parser;
  }

  override _onCommand(command: Buffer, done: () => void = () => {}): void {
    if (this.#context.closing()) {
      this.#reply(replies.closing);
      return;
    }
    const verb = command.toString('latin1').split(' ', 1)[0]?.toUpperCase() ?? '';
    if (this.#context.limits.tlsRequired && !this.secure && !beforeTls.has(verb)) {
      this.#reply(replies.tlsFirst);
      done();
      return;
    }
    super._onCommand(command, done);
  }

  override _onTimeout(): void {
    // smtp-server waits on by itself while the client waits for us; what it says otherwise lacks nothing but our words.
    if (this._closing || this._handlerPending) super._onTimeout();
    else this.#reply(replies.idle);
  }

  override _resetSession(): void {
    super._resetSession();
    this.#transaction = undefined;
  }

  override _onClose(): void {
    super._onClose();
    this.#receiver?.abort();
    this.#ended();
  }

  override handler_MAIL(command: Buffer, done: () => void): void {
    this.#reply(this.#mail(command.toString('latin1')));
    done();
  }

  override handler_RCPT(command: Buffer, done: () => void): void {
    this.#recipient(command.toString('latin1')).then((reply) => {
      this.#reply(reply);
      done();
    });
  }

  override handler_DATA(command: Buffer, done: () => void): void {
    const refusal = this.#data(command.toString('latin1'));
    if (refusal === undefined) this.send(354, 'End data with <CR><LF>.<CR><LF>');
    else this.#reply(refusal);
    done();
  }

  #mail(line: string): Reply {
    if (this.#transaction !== undefined) return replies.nestedMail;
    const command = readPathCommand(line);
    if (command === undefined) return replies.mailSyntax;
    if (command.path !== '' && !isPlausibleAddress(command.path)) return replies.malformedSender;
    for (const [name, value] of command.parameters) {
      if (name === 'SIZE') {
        // RFC 1870, section 4: at most 20 digits.
        if (!/^\d{1,20}$/.test(value)) return replies.badSize;
        const { sizeLimit } = this.#context.limits;
        if (Number(value) > sizeLimit) return replies.oversize(sizeLimit);
      } else if (name === 'BODY') {
        if (!/^(7BIT|8BITMIME)$/i.test(value)) return replies.badBody;
      } else {
        return replies.mailParameters;
      }
    }
    this.#transaction = { sender: command.path, recipients: [] };
    return replies.senderOk;
  }

  async #recipient(line: string): Promise<Reply> {
    const transaction = this.#transaction;
    if (transaction === undefined) return replies.needMail;
    const command = readPathCommand(line);
    if (command === undefined || command.path === '') return replies.recipientSyntax;
    if (command.parameters.size > 0) return replies.recipientParameters;
    if (!isPlausibleAddress(command.path)) return replies.malformedRecipient;
    if (transaction.recipients.length >= this.#context.limits.maxRecipients) return replies.tooManyRecipients;
    const answer = await this.#context.door.recipient(command.path);
    if (isReply(answer)) return answer;
    transaction.recipients.push(answer);
    return replies.recipientOk;
  }

  #data(line: string): Reply | undefined {
    const transaction = this.#transaction;
    if (transaction === undefined) return replies.needMail;
    if (transaction.recipients.length === 0) return replies.needRecipient;
    if (line.trim().length > 'DATA'.length) return replies.dataSyntax;
    const parser = this._parser;
    if (!(parser instanceof LmtpParser)) return replies.failed;
    const receiver = this.#context.door.receive();
    if (isReply(receiver)) return receiver;
    this.#receiver = receiver;
    this.#context.receiving(this, true);
    parser.receive({ write: receiver.write, end: () => this.#decide(receiver, transaction) });
    return undefined;
  }

  async #decide(receiver: Receiver, { sender, recipients }: Transaction): Promise<void> {
    // The client waits for us from here on, so it is not idle.
    this._handlerPending = true;
    const answers = await receiver.end(sender, recipients);
    this._handlerPending = false;
    for (const answer of answers) this.#reply(answer);
    this._unrecognizedCommands = 0;
    this._resetSession();
    this.#ended();
    if (this.#context.closing()) this.#reply(replies.closing);
  }

  #ended(): void {
    if (this.#receiver === undefined) return;
    this.#receiver = undefined;
    this.#context.receiving(this, false);
  }

  /** Lets replies that are given in one turn of the event loop, as those to pipelined commands are, leave in one packet. */
  #gather(): void {
    if (this.#gathering !== undefined) return;
    this.#gathering = this._socket;
    this.#gathering.cork();
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#gathering?.uncork();
    this.#gathering = undefined;
  }

  #reply({ code, text }: Reply): void {
    this.send(code, text);
  }
}
