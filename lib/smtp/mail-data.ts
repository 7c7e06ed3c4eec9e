import { isAscii } from 'node:buffer';

/** A mail as DATA carries it. */
export interface MailData {
  /** The mail with its dots doubled, and the end of the data. */
  readonly bytes: Buffer;
  /** What MAIL tells as SIZE: without the doubled dots and the end (RFC 1870, section 3). */
  readonly size: number;
  /** Whether MAIL has to say BODY=8BITMIME. */
  readonly eightBit: boolean;
}

const dot = 0x2e;
const end = Buffer.from('.\r\n', 'latin1');

/** Where a line begins with a dot (RFC 5321, section 4.5.2): the positions of these dots. */
const leadingDots = (message: Buffer): readonly number[] => {
  const found = message[0] === dot ? [0] : [];
  for (
    let at = message.indexOf('\r\n.', 0, 'latin1');
    at >= 0;
    at = message.indexOf('\r\n.', at + 3, 'latin1')
  ) {
    found.push(at + 2);
  }
  return found;
};

const endsLine = (message: Buffer): boolean =>
  message.length === 0 || (message.at(-2) === 0x0d && message.at(-1) === 0x0a);

const make = (message: Buffer): MailData => {
  const dots = leadingDots(message);
  const missing = endsLine(message) ? 0 : 2;
  const bytes = Buffer.allocUnsafe(message.length + dots.length + missing + end.length);
  let from = 0;
  let to = 0;
  for (const at of dots) {
    to += message.copy(bytes, to, from, at);
    bytes[to] = dot;
    to += 1;
    from = at;
  }
  to += message.copy(bytes, to, from);
  if (missing > 0) to += bytes.write('\r\n', to, 'latin1');
  end.copy(bytes, to);
  return { bytes, size: message.length + missing, eightBit: !isAscii(message) };
};

// In bulk the same post goes out in transaction after transaction. Nobody changes the bytes of a mail (design, rule 1).
const made = new WeakMap<Buffer, MailData>();

/**
 * The mail as DATA carries it. Its lines end with CRLF since the gateway (design, rule 1), and its bytes are kept; a last line without an end
 * gets one, because the end of the data is a line of its own.
 */
export const mailData = (message: Buffer): MailData => {
  const before = made.get(message);
  if (before !== undefined) return before;
  const data = make(message);
  made.set(message, data);
  return data;
};
