import type { MailData } from './mail-data.ts';
import { isDone, type Reply, replyText } from './reply.ts';
import type { Session } from './session.ts';
import { faultOf, SmtpFault } from './smtp-fault.ts';
import type { Until } from './wire.ts';

/** What one transaction is to carry, and how long it may take. */
export interface Order {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly data: MailData;
  /** Whether the commands go in one write, where the server offers PIPELINING (RFC 2920). */
  readonly pipelining: boolean;
  /** Whether the server still has a transaction open that came to nothing. */
  readonly resetFirst: boolean;
  /** How long one reply may take, other than the last. */
  readonly replyMs: number;
  /** How long the server may take to read the data, and again to answer its end. */
  readonly dotMs: number;
  /** When all replies to the commands must be there. */
  readonly envelopeUntil: Until;
  /** When all of it must be over, whatever else is allowed. */
  readonly endUntil: Until;
}

/** What the server said to each command, by position; undefined where it said nothing, or was not asked. */
export interface Ending {
  readonly mail: Reply | undefined;
  readonly rcpt: readonly (Reply | undefined)[];
  readonly data: Reply | undefined;
  readonly dot: Reply | undefined;
  /** Where the transaction ended. */
  readonly at: 'mail' | 'rcpt' | 'data' | 'dot';
  /** Whether the kernel had the end of the data: the server may have the mail (RFC 1047). */
  readonly handed: boolean;
  /** Why it ended without the replies that were due. */
  readonly fault: SmtpFault | undefined;
  /** Whether it looks as if the server lost commands that came in one write although it offers PIPELINING. */
  readonly outOfStep: boolean;
  /** Whether the server may have a transaction open. */
  readonly leftOpen: boolean;
}

/** A reply that ends the connection (RFC 5321, section 3.8). */
const isFarewell = ({ code }: Reply): boolean => code === 421;

// RFC 5321, section 4.2.1: a command that was not understood, is not known, or came in the wrong order.
const outOfOrder = new Set([500, 502, 503]);

const complainsOfPipelining = (reply: Reply): boolean =>
  reply.code >= 500 && /pipelin|synchroni[sz]ation/i.test(replyText(reply));

/**
 * One transaction: MAIL, RCPT for each recipient, DATA, the mail. It never throws. With PIPELINING, all commands go in one write. When nobody was
 * accepted and the server asks for the data nevertheless, it gets a lone dot (RFC 2920, section 3.1).
 */
export const transact = async ({ wire, extensions }: Session, order: Order): Promise<Ending> => {
  const { recipients, data: mail, pipelining, replyMs, dotMs, endUntil } = order;
  const rcpt: (Reply | undefined)[] = recipients.map(() => undefined);
  const ending: { -readonly [Key in keyof Ending]: Ending[Key] } = {
    mail: undefined,
    rcpt,
    data: undefined,
    dot: undefined,
    at: 'mail',
    handed: false,
    fault: undefined,
    outOfStep: false,
    leftOpen: true,
  };
  const mailCommand = commandOfMail(order, extensions.has('SIZE'));
  const envelopeUntil = Math.min(order.envelopeUntil, endUntil);
  const soon = (): Until => Math.min(performance.now() + replyMs, envelopeUntil);
  const afterDot = (): Until => Math.min(performance.now() + dotMs, endUntil);
  const ask = async (command: string): Promise<Reply> => {
    if (!pipelining) wire.send(command, 1);
    const reply = await wire.reply(soon());
    if (isFarewell(reply)) throw new SmtpFault('refused', reply);
    const due = command === dataCommand ? reply.code === 354 : isDone(reply);
    if (!due && reply.code < 400) throw new SmtpFault('protocol', reply);
    return reply;
  };
  /** The data, and its reply. A server that has enough in the middle of it may say so before it closes. */
  const deliver = async (bytes: Buffer): Promise<Reply> => {
    try {
      await wire.hand(bytes, afterDot());
    } catch (fault) {
      const early = await wire.reply(performance.now());
      if (isDone(early)) throw fault;
      return early;
    }
    ending.handed = true;
    return wire.reply(afterDot());
  };

  const talk = async (): Promise<void> => {
    if (pipelining) {
      const reset = order.resetFirst ? 'RSET\r\n' : '';
      const commands = [reset, mailCommand, ...recipients.map(commandOfRcpt), dataCommand];
      wire.send(commands.join(''), recipients.length + (order.resetFirst ? 3 : 2));
    }
    if (order.resetFirst && !isDone(await ask('RSET\r\n')))
      throw new SmtpFault('protocol', 'RSET was refused');
    ending.mail = await ask(mailCommand);
    if (!isDone(ending.mail) && !pipelining) return;
    ending.at = 'rcpt';
    for (const [position, recipient] of recipients.entries())
      rcpt[position] = await ask(commandOfRcpt(recipient));
    const accepted = isDone(ending.mail) && rcpt.some((reply) => reply !== undefined && isDone(reply));
    if (!accepted && !pipelining) return;
    ending.at = 'data';
    ending.data = await ask(dataCommand);
    ending.outOfStep = pipelining && isOutOfStep(ending, accepted);
    if (ending.outOfStep || ending.data.code !== 354) return;
    // Whoever refuses the sender and takes the recipients would send them an empty mail.
    if (!isDone(ending.mail)) throw new SmtpFault('protocol', ending.data);
    if (!accepted) {
      await wire.hand(loneDot, soon());
      await wire.reply(afterDot());
      ending.leftOpen = false;
      return;
    }
    ending.at = 'dot';
    const dot = await deliver(mail.bytes);
    if (dot.code < 400 && !isDone(dot)) throw new SmtpFault('protocol', dot);
    ending.dot = dot;
    ending.leftOpen = false;
  };

  try {
    await talk();
  } catch (error) {
    ending.fault = faultOf('closed', error);
    // Some commands were answered, and then there was silence: perhaps the server never saw the others.
    ending.outOfStep =
      pipelining &&
      ending.fault.kind === 'time-out' &&
      ending.mail !== undefined &&
      ending.data === undefined;
    wire.fail(ending.fault);
  }
  if (ending.outOfStep)
    wire.fail(new SmtpFault('protocol', 'The server lost commands that came in one write'));
  return ending;
};

const dataCommand = 'DATA\r\n';

const loneDot = Buffer.from('.\r\n', 'latin1');

const commandOfMail = ({ sender, data: { size, eightBit } }: Order, tellsSize: boolean): string =>
  `MAIL FROM:<${sender}>${tellsSize ? ` SIZE=${size}` : ''}${eightBit ? ' BODY=8BITMIME' : ''}\r\n`;

const commandOfRcpt = (recipient: string): string => `RCPT TO:<${recipient}>\r\n`;

/** After MAIL was taken, nobody may say of RCPT, or of DATA when a recipient was taken, that it came in the wrong order. */
const isOutOfStep = (
  { mail, rcpt, data }: Pick<Ending, 'mail' | 'rcpt' | 'data'>,
  accepted: boolean,
): boolean => {
  const replies = [mail, ...rcpt, data].filter((reply) => reply !== undefined);
  if (replies.some(complainsOfPipelining)) return true;
  if (mail === undefined || !isDone(mail)) return false;
  const lost = (reply: Reply | undefined): boolean => reply !== undefined && outOfOrder.has(reply.code);
  return rcpt.some(lost) || (accepted && lost(data));
};
